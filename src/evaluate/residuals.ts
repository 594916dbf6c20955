import { quantile } from "./resampling/quantile";

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

const quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
const mostBins = 40;
const mostPoints = 500;

/** Residuals of `truth` and `predicted`, at least one each. */
export function residualsOf(truth: Float64Array, predicted: Float64Array): Residuals {
  const residuals = truth.map((value, index) => value - (predicted[index] as number));
  const count = residuals.length;
  const mean = residuals.reduce((sum, value) => sum + value, 0) / count;
  const squares = residuals.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const ascending = residuals.slice().sort();
  const every = Math.ceil(count / mostPoints);
  return {
    mean,
    standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    quantiles: quantiles.map((at) => ({ at, value: quantile(ascending, at) })),
    histogram: histogramOf(ascending),
    points: Array.from({ length: Math.ceil(count / every) }, (_, index): [number, number] => [
      predicted[index * every] as number,
      residuals[index * every] as number,
    ]),
  };
}

/** Bins as wide as Freedman and Diaconis (1981) advise, at most 40. */
function histogramOf(ascending: Float64Array): Residuals["histogram"] {
  const [low, high] = [ascending[0] as number, ascending.at(-1) as number];
  const range = high - low;
  // One bin for what never varies; none can be made of what is not a number.
  if (!(range > 0 && Number.isFinite(range))) return { edges: [low, high], counts: [ascending.length] };
  const spread = quantile(ascending, 0.75) - quantile(ascending, 0.25);
  const advised = spread > 0 ? Math.ceil((range * Math.cbrt(ascending.length)) / (2 * spread)) : mostBins;
  const bins = Math.min(mostBins, Math.max(1, advised));
  const edges = Array.from({ length: bins + 1 }, (_, index) => (index === bins ? high : low + (range * index) / bins));
  const counts = new Array<number>(bins).fill(0);
  let bin = 0;
  for (const value of ascending) {
    while (bin < bins - 1 && value >= (edges[bin + 1] as number)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges, counts };
}
