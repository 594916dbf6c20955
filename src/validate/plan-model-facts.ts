import { configFacts, type Task } from "../config/checks/config-facts";
import type { Config } from "../config/config-schema";
import { plannedInput } from "../data/preprocess/planned-input";
import { statedLabels } from "../data/source-config";

/** What a model must be built for. */
export interface ModelFacts {
  readonly task: Task;
  readonly input: { readonly shape: readonly (number | null)[]; readonly dtype: "uint8" | "float32" };
  /** Names of the classes in the model's order; undefined for values. */
  readonly labels: readonly string[] | undefined;
  /** Names of the values to predict; undefined for classes. */
  readonly targets: readonly string[] | undefined;
}

/** ModelFacts as far as the config alone decides them; else a sentence that says what only the data can tell. */
export function planModelFacts(config: Config): ModelFacts | string {
  const { data } = config;
  const { task, inputKind, targets } = configFacts(config);
  const columns = data.source === "csv" ? data.columns : undefined;
  if ([...(columns?.features ?? []), ...(columns?.target ?? [])].some((name) => name.includes(".."))) {
    return "the columns that a range stands for are not known without the data";
  }
  const features = columns?.features?.length;
  const input = plannedInput(data.preprocess, inputKind, features === undefined ? {} : { features });
  if (typeof input === "string") return input;
  if (targets === "values") return { task, input, labels: undefined, targets: columns?.target };
  const labels = statedLabels(data);
  if (labels) return { task, input, labels, targets: undefined };
  const key = data.source === "idx" ? "labelNames" : "labels";
  return `the classes are not known without the data; data.${key} can state them`;
}
