import { figure } from "../figure";
import { formatCount, formatFigure } from "../format-number";
import { type Html, html } from "../html";
import { place, plot } from "./plot";
import { horizontal, vertical } from "./scales";

interface HistogramContent {
  readonly title: string;
  readonly description: string;
  /** What is counted, and what it is counted by. */
  readonly label: string;
  readonly unit: string;
  /** One more than counts, ascending. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly note?: string | undefined;
}

/** Columns over a numeric axis: how many lie between one edge and the next. */
export function histogramChart({ title, description, label, unit, edges, counts, note }: HistogramContent): Html {
  const x = horizontal(edges, { isNice: false });
  const y = vertical(counts, { include: [0] });
  const ground = y(0);
  const bars = counts.map((count, index) => {
    const [from, to] = [edges[index] as number, edges[index + 1] as number];
    const [left, right, top] = [x(from), x(to), y(count)];
    const gap = right - left > 4 ? 1 : 0;
    const what = `${formatFigure(from)} to ${formatFigure(to)}: ${formatCount(count)}`;
    return html`<path class="bar s0" d="M${place(left)} ${place(ground)}V${place(top)}H${place(right - gap)}V${place(ground)}z"><title>${what}</title></path>`;
  });
  return figure({
    title,
    picture: plot({
      title,
      description,
      x: { scale: x, label },
      y: { scale: y, label: unit },
      marks: bars,
    }),
    note,
    table: {
      head: [`${label} from`, "to", unit],
      rows: counts.map((count, index) => [
        formatFigure(edges[index]),
        formatFigure(edges[index + 1]),
        formatCount(count),
      ]),
    },
  });
}
