import { scaleLinear } from "d3-scale";
import { type Html, html } from "../html";
import type { StepMap } from "../reasons/reason";
import { place } from "./plot";
import { sparkHeight, sparkPaths, sparkWidth } from "./sparkline";

const barsHeight = 36;
/** Of the largest weight; less can't be seen. */
const least = 0.02;

/** Small lines of a series, and under them a bar for each step: up where it speaks for what was said, down where against it. */
export function reasonBars({ values, weights }: Pick<StepMap, "values" | "weights">, title: string): Html {
  const height = sparkHeight + barsHeight;
  const middle = sparkHeight + barsHeight / 2;
  const x = scaleLinear()
    .domain([0, Math.max(1, weights.length - 1)])
    .range([2, sparkWidth - 2]);
  const width = Math.max(0.5, place(0.8 * (x(1) - x(0))));
  const bars = weights.map((weight, step) => {
    if (Math.abs(weight) < least) return undefined;
    const size = (Math.abs(weight) * (barsHeight - 2)) / 2;
    const top = weight > 0 ? middle - size : middle;
    return html`<path class="bar s${weight > 0 ? 1 : 0}" d="M${place(x(step) - width / 2)} ${place(top)}h${width}v${place(size)}h${-width}z"/>`;
  });
  return html`<svg class="spark" viewBox="0 0 ${sparkWidth} ${height}" role="img"><title>${title}</title>${sparkPaths(values)}
<g class="grid-lines"><path d="M0 ${middle}H${sparkWidth}"/></g>${bars}</svg>`;
}
