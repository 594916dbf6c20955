import { configFacts } from "../config/checks/config-facts";
import type { Config } from "../config/config-schema";
import { horizonNames } from "../data/preprocess/arrange-windows";
import type { InputFacts } from "../data/preprocess/check-preprocess";
import { plannedInput } from "../data/preprocess/planned-input";
import { statedLabels } from "../data/source-config";
import { targetNames } from "../data/target-names";
import type { ModelFacts } from "../train/model-facts";

/**
 * ModelFacts as far as the config alone decides them, the targets without examples; else a sentence that says what only
 * the data can tell.
 */
export function planModelFacts(config: Config): ModelFacts | string {
  const { data } = config;
  const { inputKind } = configFacts(config);
  const { features, target } = data.source === "csv" ? data.columns : {};
  if ([...(features ?? []), ...(target ?? [])].some((name) => name.includes(".."))) {
    return "the columns that a range stands for are not known without the data";
  }
  const input = plannedInput(data.preprocess, inputKind, inputFacts(data));
  if (typeof input === "string") return input;
  const { shape: inputShape, maskValue } = input;
  const facts = { inputShape, ...(maskValue === undefined ? {} : { maskValue }) };
  if (target) return { ...facts, ...plannedValues(data, target) };
  const labels = statedLabels(data);
  if (labels) return { ...facts, targets: { kind: "class", labels, indices: new Int32Array() } };
  const key = data.source === "idx" ? "labelNames" : "labels";
  return `the classes are not known without the data; data.${key} can state them`;
}

function inputFacts(data: Config["data"]): InputFacts {
  if (data.source !== "csv" || data.columns.features === undefined) return {};
  const columns = data.columns.features.length;
  if (data.window) return { features: columns, length: data.window.length };
  return data.columns.layout === "steps" ? { features: 1, length: columns } : { features: columns };
}

function plannedValues(data: Config["data"], targets: readonly string[]): Pick<ModelFacts, "targets" | "task"> {
  const { horizon } = (data.source === "csv" && data.window) || { horizon: undefined };
  const names = horizon === undefined ? targets : horizonNames({ window: { horizon }, targets });
  const values: ModelFacts["targets"] = { kind: "values", names, values: new Float32Array() };
  return horizon === undefined ? { targets: values } : { targets: values, task: "forecasting" };
}

/** Whether a model that is built for one is built for the other, too. */
export function isSameModel(a: ModelFacts, b: ModelFacts): boolean {
  const width = ({ targets }: ModelFacts) => targetNames(targets).length;
  const input = ({ inputShape, maskValue, vocabulary }: ModelFacts) => String([inputShape, maskValue, vocabulary]);
  return input(a) === input(b) && a.targets.kind === b.targets.kind && width(a) === width(b);
}
