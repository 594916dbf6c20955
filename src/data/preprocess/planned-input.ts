import type { InputKind } from "../example-set";
import { checkPreprocess, formatAfter, type InputFacts } from "./check-preprocess";
import type { PreprocessConfig } from "./preprocess-config";

/** Shape (no batch axis) and dtype of what a model is given. */
export interface PlannedInput {
  readonly shape: readonly number[];
  readonly dtype: "uint8" | "float32";
}

/**
 * The model's input as far as config and `facts` alone decide it; else a sentence that says what is not known or wrong.
 * Images without a stated number of channels have three.
 */
export function plannedInput(ops: PreprocessConfig, kind: InputKind, facts: InputFacts = {}): PlannedInput | string {
  const [problem] = checkPreprocess(ops, kind, facts);
  if (problem) return `${problem.path}: ${problem.message}`;
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
