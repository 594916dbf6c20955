/** `part / whole`; NaN where there is nothing to take a part of. */
export function ratio(part: number | undefined, whole: number | undefined): number {
  return whole ? (part ?? 0) / whole : Number.NaN;
}
