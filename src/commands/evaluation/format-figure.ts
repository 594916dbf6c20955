import type { FigureInterval } from "../../evaluate/confidence";

/** Four decimals, or four digits of what is smaller or larger than that shows well. */
export function formatFigure(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "not defined";
  const size = Math.abs(value);
  return size !== 0 && (size < 0.01 || size >= 1000) ? value.toPrecision(4) : value.toFixed(4);
}

/** `0.9036 to 0.9607`; empty where there is none. */
export function formatInterval(interval: FigureInterval | undefined): string {
  return interval ? `${formatFigure(interval.low)} to ${formatFigure(interval.high)}` : "";
}

export const formatPercent = (part: number): string => `${(100 * part).toFixed(1)} %`;
