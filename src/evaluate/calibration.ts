/** Of the examples (steps) whose predicted class got a probability above `from` and at most `to`. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly examples: number;
  /** Mean probability of the predicted class; null where there are no examples. */
  readonly confidence: number | null;
  /** The part of them that was predicted rightly; null where there are none. */
  readonly accuracy: number | null;
}

/** Whether what is predicted with 80 % is right in 80 % of the cases (Guo et al., "On calibration of modern neural networks", 2017). */
export interface Calibration {
  /** 15 of equal width. */
  readonly bins: readonly CalibrationBin[];
  /** Mean of |accuracy - confidence| over the bins, weighted by their examples. */
  readonly expectedCalibrationError: number;
  /** The largest |accuracy - confidence| of a bin with examples. */
  readonly maximumCalibrationError: number;
}
