import { compareCodePoints } from "../../shared/compare-code-points";

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The distinct labels in the order classes have when none is stated: numbers by value, anything else by code point. */
export function sortLabels(labels: Iterable<string>): string[] {
  const distinct = [...new Set(labels)];
  const areNumbers = distinct.every((label) => decimal.test(label));
  return distinct.sort((a, b) => (areNumbers ? Number(a) - Number(b) : 0) || compareCodePoints(a, b));
}
