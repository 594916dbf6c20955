import { type Content, type Html, html } from "./html";

export interface TableContent {
  readonly head: readonly string[];
  /** The first cell of each names the row. Numbers are put to the right. */
  readonly rows: readonly (readonly Content[])[];
  /** What the table says, for those who hear it. */
  readonly caption?: string | undefined;
}

/** A table that scrolls sideways where it is too wide. */
export function dataTable({ head, rows, caption }: TableContent): Html {
  const numeric = head.map((_, column) => isNumericColumn(rows.map((row) => row[column])));
  const mark = (column: number) => (numeric[column] ? html` class="number"` : "");
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption ?? head.join(", ")}"><table>${caption && html`<caption>${caption}</caption>`}
<thead><tr>${head.map((name, column) => html`<th scope="col"${mark(column)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row"${mark(0)}>${name}</th>${cells.map((cell, index) => html`<td${mark(index + 1)}>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

/** Cells may be empty, but not all of them. */
function isNumericColumn(cells: readonly Content[]): boolean {
  const filled = cells.filter((cell) => cell !== "" && cell !== "-");
  return filled.length > 0 && filled.every(isNumeric);
}

function isNumeric(cell: Content): boolean {
  return (
    typeof cell === "number" ||
    (typeof cell === "string" && /^-?[\d,.]+(e[+-]?\d+)?([\s\u00a0]?(%|s|ms|kB|MB))?$/.test(cell))
  );
}
