import type { ShownExample, ShownInput } from "../../evaluate/shown-input";
import { sparkline } from "../charts/sparkline";
import { formatFigure } from "../format-number";
import { type Content, type Html, html } from "../html";
import type { Reason, Reasons } from "../reasons/reason";
import { reasonContent } from "./reason";

export interface GalleryItem extends ShownExample {
  /** Lines under it. */
  readonly says: readonly string[];
}

/** Examples with what there is to see of each: its picture, its text, its series, its numbers; and what the answer hung on, where that is known. */
export function gallery(
  items: readonly GalleryItem[],
  pictures: ReadonlyMap<number, string>,
  reasons: Reasons["list"] = [],
): Html {
  const hasPictures = items.some(({ example }) => pictures.has(example));
  const hasMaps = reasons.some((reason) => reason?.map.kind === "picture");
  return html`<ul class="gallery${hasPictures && " pictures"}${hasMaps && " maps"}">${items.map(
    (item, index) =>
      html`<li>${shown(item, pictures, reasons[index])}<div>${item.says.map((line, index) => (index === 0 ? html`<strong>${line}</strong>` : html`<span>${line}</span>`))}${originOf(item.origin)}</div></li>
`,
  )}</ul>`;
}

function shown(item: GalleryItem, pictures: ReadonlyMap<number, string>, reason: Reason | undefined): Content {
  const picture = pictureOf(item, pictures);
  if (!reason) return picture;
  // A series is drawn once, with its bars.
  return reason.map.kind === "steps" ? reasonContent(reason) : [picture, reasonContent(reason)];
}

function pictureOf({ example, input, origin }: GalleryItem, pictures: ReadonlyMap<number, string>): Content {
  const picture = pictures.get(example);
  if (picture !== undefined) return html`<img src="${picture}" alt="${origin}">`;
  return input && inputContent(input);
}

const longestOrigin = 44;

/** Where an example is from; of a long path the end, which tells it from others. */
export function originOf(origin: string): Html {
  if (origin.length <= longestOrigin) return html`<small>${origin}</small>`;
  const parts = origin.split(/[/\\]/);
  return html`<small title="${origin}">${parts.length > 2 ? `…/${parts.slice(-2).join("/")}` : origin}</small>`;
}

/** Numbers of a row beyond these are left out. */
const mostNumbers = 12;

/** What there is to see of an input that is no image. */
export function inputContent(input: ShownInput): Content {
  switch (input.kind) {
    case "image":
      return undefined;
    case "text":
      return html`<blockquote>${input.text}${input.isCut && "…"}</blockquote>`;
    case "vector": {
      const values = Object.entries(input.values);
      const left = values.length - mostNumbers;
      const pairs = values
        .slice(0, mostNumbers)
        .map(([name, value]) => html`<div><dt>${name}</dt><dd>${formatFigure(value)}</dd></div>`);
      return html`<dl>${pairs}</dl>${left > 0 && html`<small>and ${left} more</small>`}`;
    }
    case "series":
      return html`${sparkline(input.values, `${input.names.length} of ${input.channels} channels, ${input.steps} steps`)}<small>${input.steps} steps: ${input.names.join(", ")}</small>`;
  }
}
