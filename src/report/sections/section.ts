import { type Content, type Html, html } from "../html";

/** Where a heading stands in the order of headings: a report of several runs has each run's sections a level deeper. */
export type Level = 2 | 3 | 4;

export function heading(level: Level, text: string): Html {
  switch (level) {
    case 2:
      return html`<h2>${text}</h2>`;
    case 3:
      return html`<h3>${text}</h3>`;
    case 4:
      return html`<h4>${text}</h4>`;
  }
}

/** A part of the page under a heading; nothing where it is empty. */
export function section(level: Level, title: string, ...content: readonly Content[]): Html | undefined {
  const parts = content.flat(4).filter((part) => part !== undefined && part !== false && part !== null);
  return parts.length === 0 ? undefined : html`<section>${heading(level, title)}${parts}</section>`;
}

/** Figures beside each other, as many as the page is wide for. */
export function grid(...figures: readonly Content[]): Html {
  return html`<div class="grid">${figures}</div>`;
}
