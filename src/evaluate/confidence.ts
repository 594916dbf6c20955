/** How sure a figure is, given that other examples of the same kind might have been the ones to measure on. */
export interface FigureInterval {
  /** accuracy, balancedAccuracy, macroF1, rocArea, averagePrecision; mae, rmse, r2, bias; accuracy, perplexity, bitsPerToken. */
  readonly figure: string;
  /** Name of the target; null for what is of all. */
  readonly target: string | null;
  /** On the examples themselves. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13). */
export interface Confidence {
  /** Of 1. */
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  /**
   * What is drawn, whole: an example; a sequence with all its steps; a language model's window; a block of windows one after the
   * other, as forecasts of the same rows err alike.
   */
  readonly unit: "example" | "sequence" | "window" | "block of windows";
  /** How many of them there are. */
  readonly units: number;
  readonly figures: readonly FigureInterval[];
}
