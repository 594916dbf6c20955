import { customProperties, dark, heatLevels, light, markLevels, seriesColours } from "./palette";

const each = (count: number, rule: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => rule(index)).join("\n");

/** The look of a report: light and dark as the reader's system has it, light on paper, from a phone's width on. */
export const style = `
:root { color-scheme: light dark; ${customProperties(light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${customProperties(dark)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
main, header, footer { max-width: 1200px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 24px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 40px 0 12px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 28px 0 10px; }
h4 { font-size: 1rem; margin: 22px 0 8px; }
p { margin: 8px 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; margin: 12px 0 0; list-style: none; }
a { color: var(--s0); }
small, .note, .facts { color: var(--soft); }
small, .note { font-size: .85rem; }
.facts { margin: 0; overflow-wrap: anywhere; }
.warning, .remark { border-left: 4px solid var(--line); padding: 2px 12px; background: var(--surface); }
.warning { border-color: var(--s1); }
.warning { border-color: var(--s1); }
.cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0 0; padding: 0; list-style: none; }
.cards li { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; }
.cards strong { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.cards span { font-size: .85rem; color: var(--soft); }
.grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); align-items: start; margin: 12px 0; }
figure { margin: 0; padding: 12px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 6px; overflow-wrap: anywhere; }
figure svg { display: block; width: 100%; height: auto; }
.beside { display: flex; flex-wrap: wrap; gap: 16px 24px; align-items: flex-start; }
.beside > * { min-width: 0; max-width: 100%; }
.diagram { overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: 8px; padding: 8px; text-align: center; background: var(--page); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 0 0 6px; padding: 0; list-style: none; font-size: .85rem; }
.legend li { overflow-wrap: anywhere; min-width: 0; }
figure .swatch, .swatch { display: inline-block; width: 28px; height: 12px; margin-right: 5px; vertical-align: -1px; }
details { margin: 8px 0; }
figure details { margin: 6px 0 0; }
summary { cursor: pointer; }
figure summary { font-size: .85rem; color: var(--soft); }
.scroll { overflow-x: auto; max-width: 100%; }
figure .scroll { max-height: 320px; overflow-y: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: 8px 0 14px; }
figure table, .gallery table { margin: 0 0 6px; }
/* For those who hear the page: a heading or a title says it to all others. */
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 3px 14px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { white-space: nowrap; }
tbody th { font-weight: 400; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td, tbody th { overflow-wrap: break-word; max-width: 46ch; }
pre { overflow: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 12px; font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: var(--surface); white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin: 0 0 6px; padding: 4px 10px; border-left: 3px solid var(--line); max-height: 12em; overflow: auto; overflow-wrap: anywhere; }
.gallery { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); margin: 12px 0; padding: 0; list-style: none; }
.gallery.pictures { grid-template-columns: repeat(auto-fill, minmax(min(100%, 270px), 1fr)); }
.gallery.pictures li { display: flex; gap: 12px; }
.gallery.pictures img { flex: none; }
.gallery li { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 10px; min-width: 0; }
.gallery strong, .gallery span, .gallery small { display: block; overflow-wrap: anywhere; }
.gallery img, .strip img { width: 96px; height: 96px; object-fit: contain; background: #000; image-rendering: pixelated; border-radius: 4px; }
.gallery.maps { grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
.gallery.maps li { flex-wrap: wrap; }
.gallery.maps li > div { flex: 1 1 90px; min-width: 0; }
.gallery.maps img + img { image-rendering: auto; }
.marked { white-space: pre-wrap; line-height: 1.7; }
.marked + small, .spark + small { margin-bottom: 6px; }
mark { color: var(--ink); background: none; border-radius: 3px; padding: 1px 0; border-bottom: 2px solid transparent; }
.strip { display: flex; gap: 8px; margin-bottom: 6px; }
.strip div { font-size: .8rem; line-height: 1.3; color: var(--soft); flex: 0 1 96px; min-width: 0; }
.strip img { display: block; width: 100%; height: auto; aspect-ratio: 1; margin-bottom: 2px; }
.gallery.pictures .strip { flex: 0 0 96px; margin: 0; }
dl { display: flex; flex-wrap: wrap; gap: 0 14px; margin: 0 0 6px; font-size: .9rem; }
dl div { display: flex; gap: 5px; }
dt { color: var(--soft); }
dd { margin: 0; font-variant-numeric: tabular-nums; }
.spark { display: block; width: 100%; max-width: 320px; height: auto; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--soft); }
.bars text { font-size: 11px; fill: var(--ink); }
.bars .value { fill: var(--soft); }
.heat text { font-size: 11.5px; fill: var(--ink); }
.heat.small text { font-size: 8.5px; }
.axis path, .rim { fill: none; stroke: var(--soft); stroke-width: 1; }
.grid-lines path { stroke: var(--grid); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.dashed { stroke-dasharray: 6 4; }
.reference { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 1.5 4; stroke-linecap: round; }
.mark { fill: none; stroke-width: 2; }
.dots { fill: none; stroke-width: 4; stroke-linecap: round; opacity: .65; }
.bar { stroke: none; }
${each(seriesColours, (index) => `.line.s${index}, .dots.s${index}, .mark.s${index} { stroke: var(--s${index}); } .bar.s${index}, .mark.s${index} { fill: var(--s${index}); }`)}
${each(heatLevels, (index) => `.heat .q${index} { fill: var(--q${index}); } .heat .t${index} { fill: var(--t${index}); }`)}
${each(markLevels, (index) => `mark.f${index} { background: var(--f${index}); } mark.a${index} { background: var(--a${index}); border-bottom: 2px dashed var(--s0); }`)}
footer { margin-top: 40px; padding-bottom: 32px; color: var(--soft); font-size: .85rem; }
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 11pt; }
  main, header, footer { max-width: none; padding: 0; }
  .grid { grid-template-columns: repeat(2, 1fr); }
  figure, .gallery li, tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  figure details, nav { display: none; }
  .scroll, .diagram, blockquote, pre { max-height: none; overflow: visible; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
`;
