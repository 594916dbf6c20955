/** How long repeated calls took, in milliseconds. */
export interface Timing {
  readonly calls: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Throws RangeError without samples. */
export function summarize(milliseconds: readonly number[]): Timing {
  if (milliseconds.length === 0) throw new RangeError("nothing was timed");
  const sorted = Float64Array.from(milliseconds).sort();
  const quantile = (share: number) => interpolate(sorted, share * (sorted.length - 1));
  return {
    calls: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p99: quantile(0.99),
  };
}

/** Between the two neighbours of a place that is no whole number. */
function interpolate(sorted: Float64Array, place: number): number {
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (place - below);
}
