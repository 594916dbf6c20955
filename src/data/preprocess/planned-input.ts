import type { InputKind } from "../example-set";
import { paddingValue } from "../series/padding-value";
import { checkPreprocess, formatAfter, type InputFacts } from "./check-preprocess";
import { lengthRules } from "./length-op-config";
import type { PreprocessConfig } from "./preprocess-config";

/** Shape (no batch axis) and dtype of what a model is given. */
export interface PlannedInput {
  readonly shape: readonly number[];
  readonly dtype: "uint8" | "float32" | "int32";
  /** As Preprocessing's. */
  readonly maskValue?: number;
}

/**
 * The model's input as far as config and `facts` alone decide it; else a sentence that says what is not known or wrong.
 * Images without a stated number of channels have three.
 */
export function plannedInput(ops: PreprocessConfig, kind: InputKind, facts: InputFacts = {}): PlannedInput | string {
  const [problem] = checkPreprocess(ops, kind, facts);
  if (problem) return `${problem.path}: ${problem.message}`;
  if (kind === "text") return plannedText(ops);
  if (kind === "corpus" || kind === "tokens" || kind === "window" || kind === "series") {
    return plannedSteps(ops, kind, facts);
  }
  if (kind === "vector") {
    if (facts.features === undefined) return "the number of feature columns is not known without the data";
    return { shape: [facts.features], dtype: "float32" };
  }
  const { width = null, height = null, channels = 3 } = facts;
  const format = formatAfter(ops, { width, height, channels });
  if ("path" in format) return format.message;
  if (format.width === null || format.height === null) {
    return "the images' size is not known without the data: no resize or crop in data.preprocess fixes it";
  }
  return { shape: [format.height, format.width, format.channels], dtype: "uint8" };
}

/** The vocabulary's size is a matter of the data, and the model's embedding of the vocabulary. */
function plannedText(ops: PreprocessConfig): PlannedInput | string {
  const { pad } = lengthRules(ops);
  if (!pad) return "the texts' length is not known without the data: no pad in data.preprocess fixes it";
  return "the vocabulary is not known without the data";
}

function plannedSteps(
  ops: PreprocessConfig,
  kind: "corpus" | "tokens" | "window" | "series",
  { features, length }: InputFacts,
): PlannedInput | string {
  if (kind === "corpus" || kind === "tokens") return "the vocabulary is not known without the data";
  if (features === undefined) return "the number of feature columns is not known without the data";
  const { truncate, pad } = lengthRules(ops);
  const steps = pad?.length ?? (length !== undefined && truncate ? Math.min(length, truncate.length) : length);
  if (steps === undefined)
    return "the series' length is not known without the data: no pad in data.preprocess fixes it";
  return { shape: [steps, features], dtype: "float32", ...(pad ? { maskValue: paddingValue } : {}) };
}
