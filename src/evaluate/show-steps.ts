import { shortestNumber } from "../predict/shortest-number";
import type { ShownInput } from "./shown-input";

const mostSteps = 200;

interface Rows {
  readonly names: readonly string[];
  /** `[rows, names.length]`, row by row. */
  readonly values: Float32Array;
}

/** `steps` rows from `first` on as a series to show: its first `mostChannels` channels, in 200 evenly spaced steps at most. */
export function showSteps({ names, values }: Rows, first: number, steps: number, mostChannels: number): ShownInput {
  const every = Math.max(1, Math.ceil(steps / mostSteps));
  const shown = names.slice(0, mostChannels);
  return {
    kind: "series",
    names: shown,
    values: shown.map((_, channel) =>
      Array.from({ length: Math.ceil(steps / every) }, (_, index) =>
        numberOrNull(values[(first + index * every) * names.length + channel]),
      ),
    ),
    every,
    steps,
    channels: names.length,
  };
}

/** JSON has no NaN. */
export function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : shortestNumber(value);
}
