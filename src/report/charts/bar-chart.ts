import { scaleLinear } from "d3-scale";
import { figure } from "../figure";
import { formatFigure } from "../format-number";
import { type Html, html } from "../html";
import { place } from "./plot";
import { classOf, legend, type SeriesStyle } from "./series-style";

export interface BarSeries extends SeriesStyle {
  readonly name: string;
  /** One for each category; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface BarChartContent {
  readonly title: string;
  readonly description: string;
  /** What the categories are: "class". */
  readonly label: string;
  readonly categories: readonly string[];
  readonly series: readonly BarSeries[];
  /** Where bars end at most; the largest value by default. */
  readonly most?: number;
  readonly note?: string | undefined;
}

/** More are in the table only. */
const mostCategories = 40;

const width = 360;
const nameWidth = 96;
const valueWidth = 48;
const barHeight = 9;
const longestName = 13;

/** Bars that lie, so that names can be read: one for each category and series, each with its value. */
export function barChart({ title, description, label, categories, series, most, note }: BarChartContent): Html {
  const shown = categories.slice(0, mostCategories);
  const left = categories.length - shown.length;
  const values = series.flatMap((each) => each.values.map((value) => value ?? 0));
  const scale = scaleLinear()
    .domain([0, most ?? Math.max(1e-12, ...values)])
    .range([0, width - nameWidth - valueWidth - 8]);
  const rowHeight = series.length * (barHeight + 2) + 9;
  const height = shown.length * rowHeight + 8;
  const rows = shown.map((category, row) => {
    const top = 4 + row * rowHeight;
    const bars = series.map((each, index) => {
      const value = each.values[row];
      const y = top + 3 + index * (barHeight + 2);
      const end = value === null || value === undefined ? 0 : Math.max(0.5, scale(value));
      return html`<path class="bar ${classOf(each)}" d="M${nameWidth} ${y}h${place(end)}v${barHeight}h${place(-end)}z"/><text class="value" x="${place(nameWidth + end + 4)}" y="${y + barHeight - 0.5}">${formatFigure(value)}</text>`;
    });
    return html`<g><title>${category}</title><text x="${nameWidth - 6}" y="${place(top + 3 + (series.length * (barHeight + 2) - 2) / 2 + 4)}" text-anchor="end">${shorten(category)}</text>${bars}</g>`;
  });
  const more = left > 0 ? `${left} more are in the table.` : undefined;
  return figure({
    title,
    legend: legend(series, "bar"),
    picture: html`<svg class="bars" viewBox="0 0 ${width} ${height}" role="img"><title>${title}</title><desc>${description}</desc><path class="rim" d="M${nameWidth} 0V${height}"/>${rows}</svg>`,
    note: [note, more].filter((sentence) => sentence !== undefined).join(" ") || undefined,
    table: {
      head: [label, ...series.map(({ name }) => name)],
      rows: categories.map((category, row) => [category, ...series.map((each) => formatFigure(each.values[row]))]),
    },
  });
}

/** Cut in the middle: names that share a beginning can still be told apart. */
export function shorten(name: string, longest = longestName): string {
  const characters = [...name];
  if (characters.length <= longest) return name;
  const head = Math.ceil((longest - 1) / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(head - longest + 1).join("")}`;
}
