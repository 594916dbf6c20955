import { scaleLinear, scaleLog } from "d3-scale";
import { plotArea, type Scale } from "./plot";

interface ScaleOptions {
  /** Values that are to be on it, whatever the data. */
  readonly include?: readonly number[];
  /** Ends of the axis are round numbers; for axes whose ends mean something, false. */
  readonly isNice?: boolean;
}

/** From left to right. */
export function horizontal(values: readonly number[], options: ScaleOptions = {}): Scale {
  return linear(values, options).range([plotArea.left, plotArea.right]);
}

/** From bottom to top. */
export function vertical(values: readonly number[], options: ScaleOptions = {}): Scale {
  return linear(values, options).range([plotArea.bottom, plotArea.top]);
}

/** Logarithmic from bottom to top where the values span more than three powers of ten and are all above 0; else linear. */
export function verticalOfAnySize(values: readonly number[]): Scale {
  const [low, high] = extent(values);
  if (low > 0 && high / low > 1000) {
    return scaleLog().domain([low, high]).nice().range([plotArea.bottom, plotArea.top]);
  }
  return vertical(values);
}

function linear(values: readonly number[], { include = [], isNice = true }: ScaleOptions): Scale {
  const [low, high] = extent([...values, ...include]);
  // A single value would have no place.
  const margin = low === high ? Math.abs(low) * 0.1 || 1 : 0;
  const scale = scaleLinear().domain([low - margin, high + margin]);
  return isNice ? scale.nice() : scale;
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}
