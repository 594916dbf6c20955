import { figure } from "../figure";
import { formatCount } from "../format-number";
import { type Html, html } from "../html";
import { heatLevels } from "../palette";
import { shorten } from "./bar-chart";
import { place } from "./plot";

interface HeatMapContent {
  readonly title: string;
  readonly description: string;
  readonly labels: readonly string[];
  /** `[row][column]`. */
  readonly counts: readonly (readonly number[])[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  readonly note?: string | undefined;
}

/** Numbers fit into cells, and names beside them, up to these. */
const mostWithNumbers = 12;
const mostWithNames = 30;
/** A table of more has ten thousands of cells. */
const mostInTable = 30;
/** Of more, single cells can't be told apart. */
const mostCells = 200;

const names = { width: 74, height: 74 };
const size = 360;

/** A square of cells, each shaded by its part of its row, with its number where there is room. */
export function heatMap({ title, description, labels, counts, rowLabel, columnLabel, note }: HeatMapContent): Html {
  const classes = Math.min(labels.length, mostCells);
  const hasNames = classes <= mostWithNames;
  const [left, top] = hasNames ? [names.width, names.height] : [16, 16];
  const cell = (size - left) / classes;
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const cells = counts.slice(0, classes).flatMap((row, truth) =>
    row.slice(0, classes).flatMap((count, predicted) => {
      // Empty cells are the ground: of a hundred classes most are.
      if (count === 0) return [];
      const level = Math.min(heatLevels - 1, Math.ceil((count / (totals[truth] as number)) * (heatLevels - 1)));
      const [x, y] = [left + predicted * cell, top + truth * cell];
      const what = `${labels[truth]} taken for ${labels[predicted]}: ${formatCount(count)} of ${formatCount(totals[truth] as number)}`;
      const number =
        classes <= mostWithNumbers &&
        html`<text class="t${level}" x="${place(x + cell / 2)}" y="${place(y + cell / 2 + 4)}" text-anchor="middle">${shortCount(count, cell)}</text>`;
      return [
        html`<g><title>${what}</title><path class="q${level}" d="M${place(x)} ${place(y)}h${place(cell)}v${place(cell)}h${place(-cell)}z"/>${number}</g>`,
      ];
    }),
  );
  const middle = (index: number) => (index + 0.5) * cell;
  const axes =
    hasNames &&
    labels
      .slice(0, classes)
      .map(
        (label, index) =>
          html`<text x="${left - 5}" y="${place(top + middle(index) + 4)}" text-anchor="end"><title>${label}</title>${shorten(label, 9)}</text><text transform="translate(${place(left + middle(index) + 4)} ${top - 5}) rotate(-90)"><title>${label}</title>${shorten(label, 9)}</text>`,
      );
  const cut = classes < labels.length ? `Only the first ${classes} of ${labels.length} are shown.` : undefined;
  return figure({
    title,
    picture: html`<svg class="heat${classes > 20 ? " small" : ""}" viewBox="0 0 ${size} ${size}" role="img"><title>${title}</title><desc>${description}</desc><path class="q0" d="M${left} ${top}H${size}V${size}H${left}z"/>${cells}${axes}
<text class="side" x="${hasNames ? 4 : left}" y="11">${rowLabel} ↓ ${columnLabel} →</text></svg>`,
    note: [note, cut].filter((sentence) => sentence !== undefined).join(" ") || undefined,
    table:
      labels.length <= mostInTable
        ? {
            head: [`${rowLabel} \\ ${columnLabel}`, ...labels],
            rows: counts.map((row, truth) => [labels[truth] as string, ...row.map(formatCount)]),
          }
        : undefined,
  });
}

function shortCount(count: number, cell: number): string {
  const whole = formatCount(count);
  return whole.length * 6.5 <= cell ? whole : `${Math.round(count / 1000)}k`;
}
