/** How numbers are spread. Quartiles are those of numpy's default: linear between two neighbours. */
export interface Spread {
  readonly count: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly most: number;
  readonly mean: number;
  /** Of the whole, divided by the count. */
  readonly standardDeviation: number;
}

/** Undefined where there is no number; NaN is none. */
export function spreadOf(values: ArrayLike<number>): Spread | undefined {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const count = sorted.length;
  if (count === 0) return undefined;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const at = (share: number) => {
    const place = share * (count - 1);
    const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
    return low + (place - Math.floor(place)) * (high - low);
  };
  return {
    count,
    least: at(0),
    lowerQuartile: at(0.25),
    median: at(0.5),
    upperQuartile: at(0.75),
    most: at(1),
    mean,
    standardDeviation: Math.sqrt(variance),
  };
}

/**
 * Whether a size is beyond three times the distance of the quartiles from them ("far out", by Tukey), and twice as large, or half as
 * small, as they are: where most are nearly alike, a little more is nothing.
 */
export function isFarOut(value: number, { lowerQuartile, upperQuartile }: Spread): boolean {
  const fence = 3 * (upperQuartile - lowerQuartile);
  const isLarge = value > upperQuartile + fence && value >= 2 * upperQuartile;
  return isLarge || (value < lowerQuartile - fence && value <= lowerQuartile / 2);
}
