const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const missing = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);

/** Whether a field says that its value is not known: empty, NA, N/A, NaN, null, None or a question mark. */
export function isMissing(field: string): boolean {
  return missing.has(field.trim().toLowerCase());
}

/** A decimal number, or true or false as 1 or 0; NaN for a missing value; undefined for anything else, and beyond float32. */
export function parseNumber(field: string): number | undefined {
  const text = field.trim();
  if (decimal.test(text)) {
    const value = Math.fround(Number(text));
    return Number.isFinite(value) ? value : undefined;
  }
  if (isMissing(text)) return Number.NaN;
  if (/^true$/i.test(text)) return 1;
  return /^false$/i.test(text) ? 0 : undefined;
}
