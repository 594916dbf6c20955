import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { type Html, html } from "../html";
import { thin } from "../thin";
import { place } from "./plot";
import { classOf } from "./series-style";

export const sparkWidth = 160;
export const sparkHeight = 56;
const mostSteps = 200;

/** Small lines without axes, each channel between its own lowest and highest value. */
export function sparkline(channels: readonly (readonly (number | null)[])[], title: string): Html {
  return html`<svg class="spark" viewBox="0 0 ${sparkWidth} ${sparkHeight}" role="img"><title>${title}</title>${sparkPaths(channels)}</svg>`;
}

/** The lines alone, in a picture of `sparkWidth`, in its upper `sparkHeight`. */
export function sparkPaths(channels: readonly (readonly (number | null)[])[]): Html[] {
  return channels.map(
    (values, index) =>
      html`<path class="line ${classOf({ colour: index, isDashed: index % 2 === 1 })}" d="${pathOf(thin(values, mostSteps))}"/>`,
  );
}

function pathOf(values: readonly (number | null)[]): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return "";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = scaleLinear()
    .domain([0, Math.max(1, values.length - 1)])
    .range([2, sparkWidth - 2]);
  const y = scaleLinear()
    .domain(low === high ? [low - 1, high + 1] : [low, high])
    .range([sparkHeight - 4, 4]);
  const path = line<number | null>()
    .defined((value) => value !== null && Number.isFinite(value))
    .x((_, index) => place(x(index)))
    .y((value) => place(y(value as number)));
  return path([...values]) ?? "";
}
