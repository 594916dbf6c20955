import type { ProgressPanel } from "../commands/context";
import { formatDuration } from "./format-progress";
import type { ProgressSurface } from "./progress";
import { rangeOf, sparkline } from "./sparkline";

const widestSparkline = 30;
const narrowestSparkline = 6;

/** The lines below a progress bar: sparklines of the curves, as many in a line as there is room for, and the facts. */
export function formatPanel({ curves, secondsLeft, facts }: ProgressPanel, surface: ProgressSurface): string[] {
  // One column less than the terminal has: a full line would wrap.
  const room = surface.columns - 1;
  const { colors, isUnicode } = surface;
  const shown = curves.filter(({ values }) => values.length > 0);
  const range = rangeOf(shown.map(({ values }) => values));
  const drawn = (list: typeof shown, width: number) =>
    list
      .map(({ name, values, text }) => {
        const line = range && width > 0 ? sparkline(values, width, range, { isUnicode }) : "";
        return [colors.dim(name), ...(line ? [colors.cyan(line.padEnd(width))] : []), text].join(" ");
      })
      .join("  ");
  const taken = (list: typeof shown) =>
    list.reduce((sum, { name, text }) => sum + name.length + text.length + 2, 0) + 2 * Math.max(0, list.length - 1);
  const widthOf = (list: typeof shown) =>
    Math.min(widestSparkline, Math.floor((room - taken(list)) / Math.max(1, list.length)));
  const lines =
    widthOf(shown) >= narrowestSparkline
      ? [shown]
      : shown.map((curve) => [curve]).filter((list) => taken(list) - 1 <= room);
  const curveLines = lines
    .filter((list) => list.length > 0)
    .map((list) => drawn(list, widthOf(list) >= narrowestSparkline ? widthOf(list) : 0));
  const all = [...(secondsLeft === undefined ? [] : [`run ETA ${formatDuration(secondsLeft)}`]), ...facts];
  return [...curveLines, ...fitting(all, room, isUnicode ? " · " : " | ").map((line) => colors.dim(line))];
}

/** The facts in one line, those at the end left out where it is too narrow. */
function fitting(facts: readonly string[], room: number, separator: string): string[] {
  let line = "";
  for (const fact of facts) {
    const longer = line === "" ? fact : `${line}${separator}${fact}`;
    if (longer.length > room) break;
    line = longer;
  }
  return line === "" ? [] : [line];
}
