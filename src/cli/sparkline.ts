const blocks = "▁▂▃▄▅▆▇█";
const ascii = "_.-:=+*#";

/** What a sparkline's lowest and highest level stand for. */
export interface SparklineRange {
  readonly min: number;
  readonly max: number;
}

/** Of what is finite in all of `curves`; undefined where nothing is. */
export function rangeOf(curves: readonly (readonly number[])[]): SparklineRange | undefined {
  const values = curves.flat().filter(Number.isFinite);
  if (values.length === 0) return undefined;
  return { min: Math.min(...values), max: Math.max(...values) };
}

/**
 * `values` as a line of at most `width` characters, a level each of eight: of the mean, where more than one value shares a
 * character. Heights are logarithmic where all is positive and spread over more than a power of ten, as losses often are.
 */
export function sparkline(
  values: readonly number[],
  width: number,
  range: SparklineRange,
  { isUnicode }: { readonly isUnicode: boolean },
): string {
  const levels = isUnicode ? blocks : ascii;
  const isLogarithmic = range.min > 0 && range.max > 10 * range.min;
  const scale = isLogarithmic ? Math.log : (value: number) => value;
  const [low, high] = [scale(range.min), scale(range.max)];
  const level = (value: number) => {
    if (!Number.isFinite(value)) return " ";
    const height = high > low ? (scale(value) - low) / (high - low) : 0;
    return levels[Math.min(levels.length - 1, Math.max(0, Math.floor(height * levels.length)))] as string;
  };
  return means(values, width).map(level).join("");
}

/** At most `count` values: neighbours that share a place become their mean. */
function means(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / count),
      Math.floor(((index + 1) * values.length) / count),
    );
    const finite = part.filter(Number.isFinite);
    return finite.reduce((sum, value) => sum + value, 0) / finite.length;
  });
}
