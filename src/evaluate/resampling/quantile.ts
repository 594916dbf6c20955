/** The value at the part `at` (of 1) of ascending numbers, between two of them by linear interpolation, as in numpy. */
export function quantile(ascending: ArrayLike<number>, at: number): number {
  const position = at * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] ?? Number.NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}
