import { type Html, html } from "../html";
import { seriesColours } from "../palette";

/** How a series is told from others: by colour, and by line and mark for those who don't see colours. */
export interface SeriesStyle {
  /** Counts the colours and marks. */
  readonly colour: number;
  readonly isDashed?: boolean;
}

const marks = [
  "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
  "M-3-3h6v6h-6z",
  "M0-4l4 7h-8z",
  "M0-4l4 4l-4 4l-4-4z",
  "M-3.5-3.5l7 7m0-7l-7 7",
  "M0-4v8m-4-4h8",
];

export function classOf({ colour, isDashed }: SeriesStyle): string {
  return `s${colour % seriesColours}${isDashed ? " dashed" : ""}`;
}

/** The series's mark at a place of the plot; `label` shows when it is pointed at. */
export function markAt(x: number, y: number, { colour }: SeriesStyle, label?: string): Html {
  const shape = marks[colour % marks.length] as string;
  return html`<path class="mark s${colour % seriesColours}" transform="translate(${x} ${y})" d="${shape}">${label !== undefined && html`<title>${label}</title>`}</path>`;
}

export interface LegendEntry extends SeriesStyle {
  readonly name: string;
  readonly hasMark?: boolean;
}

/** What each line is. Nothing for a single one. */
export function legend(entries: readonly LegendEntry[], kind: "line" | "bar" = "line"): Html | undefined {
  if (entries.length < 2) return undefined;
  return html`<ul class="legend">${entries.map(
    (entry) =>
      html`<li><svg class="swatch" viewBox="0 0 28 12" aria-hidden="true"><path class="${kind} ${classOf(entry)}" d="${kind === "line" ? "M1 6h26" : "M8 1h12v10h-12z"}"/>${entry.hasMark && markAt(14, 6, entry)}</svg>${entry.name}</li>`,
  )}</ul>`;
}
