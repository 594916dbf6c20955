import { configFacts } from "../config/checks/config-facts";
import type { Config } from "../config/config-schema";
import type { ExampleTargets } from "../data/example-set";
import { plannedInput } from "../data/preprocess/planned-input";
import { statedLabels } from "../data/source-config";

/** What a model must be built for. */
export interface ModelFacts {
  /** Of one example, no batch axis. */
  readonly inputShape: readonly (number | null)[];
  /** What is predicted; without examples where the data was not looked at. */
  readonly targets: ExampleTargets;
}

/** ModelFacts as far as the config alone decides them; else a sentence that says what only the data can tell. */
export function planModelFacts(config: Config): ModelFacts | string {
  const { data } = config;
  const { inputKind } = configFacts(config);
  const { features, target } = data.source === "csv" ? data.columns : {};
  if ([...(features ?? []), ...(target ?? [])].some((name) => name.includes(".."))) {
    return "the columns that a range stands for are not known without the data";
  }
  const input = plannedInput(data.preprocess, inputKind, features === undefined ? {} : { features: features.length });
  if (typeof input === "string") return input;
  const inputShape = input.shape;
  if (target) return { inputShape, targets: { kind: "values", names: target, values: new Float32Array() } };
  const labels = statedLabels(data);
  if (labels) return { inputShape, targets: { kind: "class", labels, indices: new Int32Array() } };
  const key = data.source === "idx" ? "labelNames" : "labels";
  return `the classes are not known without the data; data.${key} can state them`;
}

/** Whether a model that is built for one is built for the other, too. */
export function isSameModel(a: ModelFacts, b: ModelFacts): boolean {
  const width = ({ targets }: ModelFacts) => (targets.kind === "class" ? targets.labels : targets.names).length;
  return String(a.inputShape) === String(b.inputShape) && a.targets.kind === b.targets.kind && width(a) === width(b);
}
