import type { LengthRules } from "./apply-lengths";

/** A sentence on how long the examples are, and how many are cut off. */
export function describeLengths(lengths: Int32Array, { truncate }: LengthRules, unit: string): string {
  const sorted = lengths.slice().sort();
  const [shortest = 0, longest = 0] = [sorted[0], sorted.at(-1)];
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const range =
    shortest === longest ? `all have ${shortest} ${unit}` : `${shortest} to ${longest} ${unit}, half up to ${middle}`;
  if (!truncate) return range;
  const cut = lengths.filter((length) => length > truncate.length).length;
  return `${range}; ${cut === 0 ? "none is" : `${percent(cut / lengths.length)} are`} truncated to ${truncate.length}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
