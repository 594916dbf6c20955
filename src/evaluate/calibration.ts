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

const binCount = 15;

/** Adds up how sure a model was and how often right, one prediction after the other. */
export class CalibrationSums {
  private readonly counts = new Float64Array(binCount);
  private readonly confidences = new Float64Array(binCount);
  private readonly hits = new Float64Array(binCount);
  private areProbabilities = true;

  /** `confidence` is the predicted class's probability; NaN where the outputs are none. */
  add(confidence: number, isRight: boolean): void {
    if (Number.isNaN(confidence)) {
      this.areProbabilities = false;
      return;
    }
    const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
    this.counts[bin] = (this.counts[bin] as number) + 1;
    this.confidences[bin] = (this.confidences[bin] as number) + confidence;
    this.hits[bin] = (this.hits[bin] as number) + (isRight ? 1 : 0);
  }

  /** Null where an output was no probability, or nothing was added. */
  get calibration(): Calibration | null {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    if (!this.areProbabilities || total === 0) return null;
    const bins = Array.from(this.counts, (examples, bin): CalibrationBin => {
      const mean = (sums: Float64Array) => (examples === 0 ? null : (sums[bin] as number) / examples);
      const [from, to] = [bin / binCount, (bin + 1) / binCount];
      return { from, to, examples, confidence: mean(this.confidences), accuracy: mean(this.hits) };
    });
    const gaps = bins.map(({ confidence, accuracy }) => Math.abs((accuracy ?? 0) - (confidence ?? 0)));
    return {
      bins,
      expectedCalibrationError: gaps.reduce((sum, gap, bin) => sum + (gap * (this.counts[bin] as number)) / total, 0),
      maximumCalibrationError: Math.max(...gaps),
    };
  }
}
