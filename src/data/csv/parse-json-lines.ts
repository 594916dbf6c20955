import { DataError } from "../../shared/errors";
import { readLines } from "./read-lines";
import type { TableRecord } from "./read-records";

/** One object a line becomes one record, ordered by the keys of the first, which are given first. A key that is absent is an empty field. */
export async function* parseJsonLines(
  source: AsyncIterable<Buffer | string>,
  path: string,
): AsyncGenerator<TableRecord, void, undefined> {
  let columns: string[] | undefined;
  for await (const { text, number: line } of readLines(source)) {
    if (!text.trim()) continue;
    const value = parseLine(text, `${path} line ${line}`);
    if (!columns) {
      columns = Object.keys(value);
      yield { fields: columns, line };
    }
    const known = columns;
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      throw new DataError(`${path} line ${line}: the key "${unknown}" is not in the first line`, {
        hint: "Every line needs the keys of the first; null stands for a missing value.",
      });
    }
    yield { fields: columns.map((column) => toField(value[column], `${path} line ${line}, "${column}"`)), line };
  }
}

function parseLine(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${where} is not JSON: ${(error as Error).message}`, {
      hint: 'Each line is one object: {"name": value, ...}.',
      cause: error,
    });
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DataError(`${where} is not an object`, { hint: 'Each line is one object: {"name": value, ...}.' });
}

function toField(value: unknown, where: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  throw new DataError(`${where} is ${Array.isArray(value) ? "a list" : "an object"}; a text, a number or null is read`);
}
