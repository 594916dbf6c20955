/** What is left of one target when the prediction is taken away: truth - predicted, in the target's unit. */
export interface Residuals {
  readonly mean: number;
  /** Of the sample: divided by n - 1; null for one example. */
  readonly standardDeviation: number | null;
  /** At 0, 0.05, 0.25, 0.5, 0.75, 0.95 and 1, by linear interpolation as in numpy. */
  readonly quantiles: readonly { readonly at: number; readonly value: number }[];
  /** `counts[i]` residuals lie from `edges[i]` to below `edges[i + 1]` (the last bin holds its upper edge). */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  /** Evenly spaced examples, at most 500: `[predicted, residual]`. */
  readonly points: readonly (readonly [number, number])[];
}
