import type { SplitName } from "../data/example-set";
import type { Calibration } from "./calibration";
import type { ClassAverages, ClassFigures } from "./class-figures";
import type { Confidence } from "./confidence";
import type { ConfusionMatrix } from "./confusion-matrix";
import type { Ranking } from "./curve";
import type { ErrorFigures } from "./error-sums";
import type { Mistake, Uncertain } from "./mistake";
import type { RegressionFigures } from "./regression-figures";
import type { ShownExample } from "./shown-input";

/** What a model does on examples whose truth is known. */
export interface Evaluation {
  readonly split: SplitName | "all";
  readonly examples: number;
  /** Mean, with the penalties of regularizers, as training reports it. */
  readonly loss: number;
  /** By name; NaN for one that is not defined. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly details: ClassDetails | ValueDetails | ForecastDetails | TokenDetails;
  /** Null where there are fewer than 10 units to draw from, which say nothing of others. */
  readonly confidence: Confidence | null;
  /** For people. */
  readonly warnings: readonly string[];
}

/** Classes, one for each example, or for each step of sequences. */
export interface ClassDetails {
  readonly kind: "classes";
  readonly labels: readonly string[];
  /** `[true][predicted]`. */
  readonly confusion: ConfusionMatrix;
  readonly perClass: readonly ClassFigures[];
  readonly averages: ClassAverages;
  /** The most frequent pairs, most frequent first, at most 20. */
  readonly topConfusions: readonly ConfusedPair[];
  /** ROC and precision-recall; null where an output is not a finite number. */
  readonly ranking: Ranking | null;
  /** Null where an output is no probability (below 0, above 1, not a number). */
  readonly calibration: Calibration | null;
  /** At most 10, surest first. */
  readonly mistakes: readonly Mistake[];
  /** At most 10, least certain first, whether right or wrong. */
  readonly uncertain: readonly Uncertain[];
}

export interface ConfusedPair {
  readonly label: string;
  readonly predicted: string;
  readonly count: number;
  /** Of the examples of `label`. */
  readonly share: number;
}

export interface ValueDetails {
  readonly kind: "values";
  readonly targets: readonly RegressionFigures[];
  /** At most 10, by the largest residual, counted in root mean squared errors of its target. */
  readonly worst: readonly WorstValue[];
}

export interface WorstValue extends ShownExample {
  readonly target: string;
  readonly truth: number;
  readonly predicted: number;
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
  /** Mean of predicted - truth. */
  readonly bias: number;
  /** What forecasts without a model come to. */
  readonly naive: {
    /** The window's last value, at every step. */
    readonly lastValue: ErrorFigures;
    /** The last values once more, as many as are predicted; null where a window has fewer. */
    readonly lastHorizon: ErrorFigures | null;
  };
  /** Evenly spaced windows, at most 4, then the worst one, by mean absolute error. */
  readonly samples: readonly ForecastSample[];
}

export interface ForecastSample {
  readonly origin: string;
  /** Its number in the evaluated set. */
  readonly example: number;
  readonly isWorst: boolean;
  readonly mae: number;
  /** The target's values in the window, the last ones, at most 200. */
  readonly before: readonly number[];
  /** One for each step ahead. */
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
}

/** A language model. */
export interface TokenDetails {
  readonly kind: "tokens";
  /** How many tokens were predicted. */
  readonly tokens: number;
  /** Mean of -log2 p. */
  readonly bitsPerToken: number;
  /** The part of the tokens that was the likeliest one. */
  readonly accuracy: number;
  /** Mean of -ln p by what the model had read: tokens `from` ... `to` (from 1, inclusive) of a window. */
  readonly byContext: readonly {
    readonly from: number;
    readonly to: number;
    readonly tokens: number;
    readonly natsPerToken: number;
  }[];
  /** The least expected tokens, at most 10, least expected first. */
  readonly surprises: readonly Surprise[];
}

export interface Surprise {
  readonly origin: string;
  readonly example: number;
  /** The text before it in its window, the end of it. */
  readonly before: string;
  readonly token: string;
  /** Of the token. */
  readonly probability: number;
}
