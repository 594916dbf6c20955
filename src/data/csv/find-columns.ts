import { DataError } from "../../shared/errors";
import { nearestNames } from "../../shared/nearest-names";

/** Names as a config writes them, `c0..c11` being a range: by number where both ends are alike but for their number, else by position in the table. */
export function expandNames(names: readonly string[], columns: readonly string[], path: string): string[] {
  return names.flatMap((name) => (columns.includes(name) ? [name] : expandRange(name, columns, path)));
}

function expandRange(name: string, columns: readonly string[], path: string): string[] {
  const ends = name.split("..");
  const [from = "", to = ""] = ends;
  if (ends.length !== 2 || !from || !to) return [name];
  const [start, end] = [from, to].map((side) => /^(.*?)(\d+)$/.exec(side));
  if (start && end && start[1] === end[1]) return numbered(name, start, end);
  const [first, last] = [findColumn(from, columns, path), findColumn(to, columns, path)];
  if (first > last) throw new DataError(`${path}: in the range "${name}", ${to} comes before ${from}`);
  return columns.slice(first, last + 1);
}

function numbered(name: string, start: RegExpExecArray, end: RegExpExecArray): string[] {
  const [from, to] = [Number(start[2]), Number(end[2])];
  if (from > to) throw new DataError(`The range "${name}" runs backwards`, { hint: "Write the smaller number first." });
  const digits = start[2]?.startsWith("0") && start[2].length === end[2]?.length ? start[2].length : 0;
  const numbers = Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
  return numbers.map((number) => `${start[1]}${String(number).padStart(digits, "0")}`);
}

/** Position of a column. Throws DataError that names the nearest ones. */
export function findColumn(name: string, columns: readonly string[], path: string): number {
  const position = columns.indexOf(name);
  if (position >= 0) return position;
  throw new DataError(`${path} has no column "${name}"`, { hint: suggest(name, columns) });
}

const shown = 20;

function suggest(name: string, columns: readonly string[]): string {
  const near = nearestNames(name, columns);
  if (near.length > 0) return `Did you mean ${near.map((column) => `"${column}"`).join(" or ")}?`;
  const [only] = columns;
  if (columns.length === 1 && only?.includes(";")) {
    return "The file seems to be separated by semicolons; save it with commas or tabs.";
  }
  const more = columns.length > shown ? `, and ${columns.length - shown} more` : "";
  return `It has: ${columns.slice(0, shown).join(", ")}${more}. Without a header line, state "header": false.`;
}
