import type { Distribution } from "../reported-run";

const mostBins = 30;

/** Counts numbers in at most 30 bins of one width; whole numbers in bins of whole widths. Undefined where there are none. */
export function histogramOf(
  values: ArrayLike<number>,
  what: Pick<Distribution, "title" | "unit" | "note">,
): Distribution | undefined {
  let [low, high, isWhole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    isWhole &&= Number.isInteger(value);
  }
  if (low > high) return undefined;
  // Whole numbers have a bin each, or several: the last one ends above them.
  const span = isWhole ? high + 1 - low : high - low || 1;
  const width = isWhole ? Math.ceil(span / mostBins) : span / mostBins;
  const bins = Math.max(1, Math.round(Math.ceil(span / width - 1e-9)));
  const counts = new Array<number>(bins).fill(0);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { ...what, edges: Array.from({ length: bins + 1 }, (_, index) => low + index * width), counts };
}
