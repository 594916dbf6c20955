import { z } from "zod";
import { DataError } from "../../shared/errors";
import type { TableRow } from "./open-table";
import { parseNumber } from "./parse-number";

export const missingPolicy = z
  .union([z.enum(["error", "drop"]), z.number()])
  .describe("What becomes of a row without a value in a feature: an error, left out, or this number in its place.");

export type MissingPolicy = z.output<typeof missingPolicy>;

/** `penguins.csv row 4 (line 5)`, or without the line where it is the row's number. */
export function rowName(path: string, { row, line }: TableRow): string {
  return row === line ? `${path} row ${row}` : `${path} row ${row} (line ${line})`;
}

interface ValuesRequest {
  readonly row: TableRow;
  readonly positions: readonly number[];
  readonly columns: readonly string[];
  readonly path: string;
  readonly missing: MissingPolicy;
}

/** The numbers of a row at some columns; undefined when the row is to be left out. Throws DataError naming row and column. */
export function readValues({ row, positions, columns, path, missing }: ValuesRequest): number[] | undefined {
  const values: number[] = [];
  for (const position of positions) {
    const field = row.fields[position] ?? "";
    const value = parseNumber(field);
    if (value === undefined) throw notANumber(`${rowName(path, row)}, column "${columns[position]}"`, field);
    if (!Number.isNaN(value)) values.push(value);
    else if (missing === "drop") return undefined;
    else if (missing === "error") throw missingValue(`${rowName(path, row)}, column "${columns[position]}"`, field);
    else values.push(missing);
  }
  return values;
}

function notANumber(where: string, field: string): DataError {
  const shown = field.length > 40 ? `${field.slice(0, 40)}...` : field;
  const isComma = /^\s*[+-]?\d+,\d+\s*$/.test(field);
  return new DataError(`${where}: ${JSON.stringify(shown)} is not a number that float32 holds`, {
    hint: isComma
      ? "Write decimals with a point."
      : 'Columns of text can\'t be features or targets: name them in "ignore". If the first row holds names, state "header": true.',
  });
}

export function missingValue(where: string, field: string): DataError {
  return new DataError(`${where}: the value is missing${field ? ` (${JSON.stringify(field)})` : ""}`, {
    hint: 'State "missing": "drop" in data to leave such rows out, or a number to take in its place in features.',
  });
}
