import { line } from "d3-shape";
import { figure } from "../figure";
import { formatFigure } from "../format-number";
import { type Html, html } from "../html";
import { thin } from "../thin";
import { place, plot, type Scale } from "./plot";
import { horizontal, vertical, verticalOfAnySize } from "./scales";
import { classOf, legend, markAt, type SeriesStyle } from "./series-style";

export interface Point {
  readonly x: number;
  /** NaN is a gap. */
  readonly y: number;
}

export interface LineSeries extends SeriesStyle {
  readonly name: string;
  readonly points: readonly Point[];
  /** Points that are pointed out, with what to say of them. */
  readonly marked?: readonly (Point & { readonly label: string })[];
}

interface LineChartContent {
  readonly title: string;
  readonly description: string;
  readonly x: {
    readonly label: string;
    readonly domain?: readonly [number, number];
    readonly format?: (value: number) => string;
  };
  readonly y: { readonly label: string; readonly domain?: readonly [number, number]; readonly isFromZero?: boolean };
  readonly series: readonly LineSeries[];
  readonly note?: string | undefined;
  /** A line to compare with: of chance, or of what would be perfect. */
  readonly reference?: readonly [Point, Point];
}

/** More can't be told apart. */
const mostPoints = 400;
const mostRows = 100;

/** Lines over a common axis, with a legend and the numbers behind them. */
export function lineChart({ title, description, x, y, series, note, reference }: LineChartContent): Html {
  const thinned = series.map((each) => ({ ...each, points: thin(each.points, mostPoints) }));
  const points = thinned.flatMap((each) => each.points);
  const xScale = x.domain
    ? horizontal([...x.domain], { isNice: false })
    : horizontal(
        points.map((point) => point.x),
        { isNice: false },
      );
  const values = points.map((point) => point.y);
  const yScale = y.domain
    ? vertical([...y.domain], { isNice: false })
    : y.isFromZero
      ? vertical(values, { include: [0] })
      : verticalOfAnySize(values);
  return figure({
    title,
    legend: legend(series.map((each) => ({ ...each, hasMark: hasMarks(each) }))),
    picture: plot({
      title,
      description,
      x: { scale: xScale, label: x.label, ...(x.format ? { format: x.format } : {}) },
      y: { scale: yScale, label: y.label },
      marks: [
        reference && referenceLine(reference, xScale, yScale),
        thinned.map((each) => drawn(each, xScale, yScale)),
      ],
    }),
    note,
    table: tableOf(x.label, series),
  });
}

function hasMarks({ points, marked = [] }: LineSeries): boolean {
  return marked.length > 0 || points.length === 1;
}

function referenceLine([from, to]: readonly [Point, Point], x: Scale, y: Scale): Html {
  return html`<path class="reference" d="M${place(x(from.x))} ${place(y(from.y))}L${place(x(to.x))} ${place(y(to.y))}"/>`;
}

function drawn({ points, marked = [], ...style }: LineSeries, x: Scale, y: Scale): Html {
  const path = line<Point>()
    .defined((point) => Number.isFinite(point.y))
    .x((point) => place(x(point.x)))
    .y((point) => place(y(point.y)))(points);
  // A line of one point would not be seen.
  const single = points.length === 1 ? points.map((point) => ({ ...point, label: style.name })) : [];
  const shown = [...single, ...marked].filter((point) => Number.isFinite(point.y));
  return html`<path class="line ${classOf(style)}" d="${path ?? ""}"/>${shown.map((point) => markAt(place(x(point.x)), place(y(point.y)), style, point.label))}`;
}

/** One row for each place that any series has; of many, some. */
function tableOf(label: string, series: readonly LineSeries[]) {
  const places = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const columns = series.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  return {
    head: [label, ...series.map(({ name }) => name)],
    rows: thin(places, mostRows).map((x) => [
      formatFigure(x),
      ...columns.map((column) => (column.has(x) ? formatFigure(column.get(x)) : "")),
    ]),
  };
}
