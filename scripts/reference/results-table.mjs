import { existsSync, readFileSync, writeFileSync } from "node:fs";

const begin = "<!-- results: written by npm run reference -->";
const end = "<!-- end of results -->";
const head = [
  "| config | parameters | figure | test, mean | each seed | validation chooses | also, mean | time, mean | device | date | command |",
  "| --- | ---: | --- | ---: | --- | --- | --- | ---: | --- | --- | --- |",
];

/** Writes rows, `{ name, cells }`, into the page's table; a row of the same name is replaced, the others stay. */
export function writeResults(page, rows) {
  const text = existsSync(page) ? readFileSync(page, "utf8") : `${begin}\n${end}\n`;
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${page} lacks the markers ${begin} and ${end}`);
  const known = new Map();
  for (const line of text.slice(start, stop).split("\n")) {
    const name = /^\| ([^|]+?) +\|/.exec(line)?.[1];
    if (name && name !== "config" && !name.startsWith("---")) known.set(name, line);
  }
  for (const { name, cells } of rows) known.set(name, `| ${[name, ...cells].join(" | ")} |`);
  const table = [...head, ...[...known.keys()].sort().map((name) => known.get(name))].join("\n");
  writeFileSync(page, `${text.slice(0, start)}${begin}\n\n${table}\n\n${text.slice(stop)}`);
}
