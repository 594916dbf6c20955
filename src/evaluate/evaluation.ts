import type { SplitName } from "../data/example-set";
import type { ClassFigures } from "./class-figures";
import type { ConfusionMatrix } from "./confusion-matrix";
import type { ErrorFigures } from "./error-sums";
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
  readonly details: ClassDetails | ValueDetails | ForecastDetails | TokenDetails;
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

/** Forecasts, in the data's own units. */
export interface ForecastDetails {
  readonly kind: "forecasts";
  /** Steps that are predicted. */
  readonly horizon: number;
  readonly targets: readonly TargetForecast[];
}

export interface TargetForecast extends ErrorFigures {
  readonly name: string;
  /** By step ahead, the next one first. */
  readonly steps: readonly ErrorFigures[];
  /** What forecasts without a model come to. */
  readonly naive: {
    /** The window's last value, at every step. */
    readonly lastValue: ErrorFigures;
    /** The last values once more, as many as are predicted; null where a window has fewer. */
    readonly lastHorizon: ErrorFigures | null;
  };
}

/** A language model. */
export interface TokenDetails {
  readonly kind: "tokens";
  /** How many tokens were predicted. */
  readonly tokens: number;
}
