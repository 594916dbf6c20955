import type { SplitName } from "../data/example-set";
import type { ClassFigures } from "./class-figures";
import type { ConfusionMatrix } from "./confusion-matrix";
import type { RegressionFigures } from "./regression-figures";
import type { Mistake } from "./worst-mistakes";

/** What a model does on examples whose truth is known. */
export interface Evaluation {
  readonly split: SplitName | "all";
  readonly examples: number;
  /** Mean, with the penalties of regularizers, as training reports it. */
  readonly loss: number;
  /** By name; NaN for one that is not defined. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly details: ClassDetails | ValueDetails;
  /** For people. */
  readonly warnings: readonly string[];
}

export interface ClassDetails {
  readonly kind: "classes";
  readonly labels: readonly string[];
  /** `[true][predicted]`. */
  readonly confusion: ConfusionMatrix;
  readonly perClass: readonly ClassFigures[];
  readonly mistakes: readonly Mistake[];
}

export interface ValueDetails {
  readonly kind: "values";
  readonly targets: readonly RegressionFigures[];
}
