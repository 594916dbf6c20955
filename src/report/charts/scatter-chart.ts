import { figure } from "../figure";
import { formatFigure } from "../format-number";
import { type Html, html } from "../html";
import { thin } from "../thin";
import { place, plot } from "./plot";
import { horizontal, vertical } from "./scales";

interface ScatterContent {
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** `[x, y]`. */
  readonly points: readonly (readonly [number, number])[];
  /** A horizontal line to compare with. */
  readonly level?: number;
  readonly note?: string | undefined;
}

const mostRows = 100;

/** Dots, and a line where they would lie if all were perfect. */
export function scatterChart({ title, description, xLabel, yLabel, points, level, note }: ScatterContent): Html {
  const x = horizontal(points.map(([value]) => value));
  const y = vertical(
    points.map(([, value]) => value),
    { include: level === undefined ? [] : [level] },
  );
  const dots = points
    .filter((point) => point.every(Number.isFinite))
    .map(([px, py]) => `M${place(x(px))} ${place(y(py))}h0`)
    .join("");
  const [from, to] = x.range() as [number, number];
  return figure({
    title,
    picture: plot({
      title,
      description,
      x: { scale: x, label: xLabel },
      y: { scale: y, label: yLabel },
      marks: [
        level !== undefined && html`<path class="reference" d="M${from} ${place(y(level))}H${to}"/>`,
        html`<path class="dots s0" d="${dots}"/>`,
      ],
    }),
    note,
    table: {
      head: [xLabel, yLabel],
      rows: thin(points, mostRows).map(([px, py]) => [formatFigure(px), formatFigure(py)]),
    },
  });
}
