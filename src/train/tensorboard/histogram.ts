/** How numbers are spread: equal buckets between the smallest and the largest of them. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Right edge of each bucket, ascending; the last is `max`. A number at an edge is in the bucket to its right. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** As many as TensorBoard shows. */
const buckets = 30;

/** The histogram of what is finite in `values`; undefined where nothing is. Two passes, no copy. */
export function histogramOf(values: Float32Array): Histogram | undefined {
  let [min, max, count, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    count += 1;
    sum += value;
    sumOfSquares += value * value;
  }
  if (count === 0) return undefined;
  const facts = { min, max, count, sum, sumOfSquares };
  // One bucket for numbers that are all the same: it has no width to divide.
  if (min === max) return { ...facts, limits: [max], counts: [count] };
  const counts = new Array<number>(buckets).fill(0);
  const scale = buckets / (max - min);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bucket = Math.min(buckets - 1, Math.floor((value - min) * scale));
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const limits = counts.map((_, index) => (index === buckets - 1 ? max : min + ((index + 1) * (max - min)) / buckets));
  return { ...facts, limits, counts };
}
