import { escapeXml } from "../../shared/escape-xml";

export interface MarkedPiece {
  readonly text: string;
  /** The number of the map. */
  readonly value: number;
  /** The same from -1 to 1. */
  readonly weight: number;
}

interface PageContent {
  readonly title: string;
  /** What was explained, in a sentence. */
  readonly sentence: string;
  readonly pieces: readonly MarkedPiece[];
  /** Between two pieces of a text; undefined: a list of names with bars. */
  readonly separator: string | undefined;
}

/**
 * A page of HTML that needs nothing else, light and dark: a text whose pieces are shaded by what they say for (red) or against (blue) the
 * output, or names with a bar each. All of it is escaped.
 */
export function markedPage({ title, sentence, pieces, separator }: PageContent): string {
  const body =
    separator === undefined
      ? `<table>${pieces.map(row).join("")}</table>`
      : `<p class="text">${pieces.map(mark).join(escapeXml(separator))}</p>
<details><summary>The numbers</summary><table>${pieces.map(row).join("")}</table></details>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeXml(title)}</title>
<style>${style}</style></head>
<body><h1>${escapeXml(title)}</h1><p>${escapeXml(sentence)}</p>
${body}
</body></html>
`;
}

const style = `
:root { color-scheme: light dark; --ground: #fff; --ink: #17202b; --quiet: #52606f; --for: 214 40 30; --against: 40 100 230; }
@media screen and (prefers-color-scheme: dark) { :root { --ground: #12171d; --ink: #e8edf2; --quiet: #a9b6c3; --for: 255 90 70; --against: 90 150 255; } }
body { background: var(--ground); color: var(--ink); font: 16px/1.7 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.2rem; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1.1rem; line-height: 2; }
mark { color: inherit; border-radius: 3px; padding: 2px 0; background: none; border-bottom: 2px solid transparent; }
mark.for { background: rgb(var(--for) / calc(0.55 * var(--weight))); }
mark.against { background: rgb(var(--against) / calc(0.55 * var(--weight))); border-bottom-style: dashed; border-color: rgb(var(--against) / var(--weight)); }
table { border-spacing: 0.6rem 0.1rem; } td.number { text-align: right; font-variant-numeric: tabular-nums; color: var(--quiet); }
td.bar { width: 14rem; } .bar div { height: 0.8rem; border-radius: 2px; width: calc(100% * var(--weight)); }
.bar .for { background: rgb(var(--for)); } .bar .against { background: rgb(var(--against)); }
@media print { mark, .bar div { print-color-adjust: exact; } }
`;

const side = (value: number) => (value < 0 ? "against" : "for");

const size = (weight: number) => Math.abs(weight).toFixed(3);

function mark({ text, value, weight }: MarkedPiece): string {
  return `<mark class="${side(value)}" style="--weight:${size(weight)}" title="${value.toPrecision(3)}">${escapeXml(text)}</mark>`;
}

function row({ text, value, weight }: MarkedPiece): string {
  return `<tr><td>${escapeXml(text)}</td><td class="number">${value.toPrecision(3)}</td><td class="bar"><div class="${side(value)}" style="--weight:${size(weight)}"></div></td></tr>`;
}
