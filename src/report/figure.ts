import { dataTable, type TableContent } from "./data-table";
import { type Content, type Html, html } from "./html";

interface FigureContent {
  readonly title: string;
  /** The picture; charts bring their own text alternative. */
  readonly picture: Html;
  readonly legend?: Content;
  /** A sentence or two under the picture. */
  readonly note?: Content;
  /** The numbers behind the picture, folded. */
  readonly table?: TableContent | undefined;
  /** As wide as the page. */
  readonly isWide?: boolean;
}

/** A picture with its title, its legend, and the numbers behind it. */
export function figure({ title, picture, legend, note, table, isWide = false }: FigureContent): Html {
  return html`<figure${isWide && html` class="wide"`}><figcaption>${title}</figcaption>${legend}
${picture}${note && html`<p class="note">${note}</p>`}${
  table && html`<details><summary>The numbers</summary>${dataTable({ caption: title, ...table })}</details>`
}</figure>
`;
}
