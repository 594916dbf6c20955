import { dirname, isAbsolute, join } from "node:path";
import type { ColumnRoles } from "./column-roles";
import type { Table, TableRow } from "./open-table";
import { isMissing } from "./parse-number";
import { type MissingPolicy, missingValue, readValues, rowName } from "./read-values";

/** The examples of one table, by role; a role that the table lacks stays empty. */
export interface TableExamples {
  readonly path: string;
  /** Number of each example's row in the file, from 1. */
  readonly rows: number[];
  /** Absolute paths, or relative to the current folder as the table's own path is. */
  readonly images: string[];
  readonly texts: string[];
  /** Row-major. */
  readonly features: number[];
  /** Which series each row is a step of. */
  readonly sequences: string[];
  /** What orders a series' rows. */
  readonly steps: number[];
  readonly labels: string[];
  /** Row-major. */
  readonly targets: number[];
  readonly tags: string[];
  readonly groups: string[];
  /** Rows left out because a value is missing. */
  readonly dropped: number;
}

interface ReadRequest {
  readonly roles: ColumnRoles;
  readonly missing: MissingPolicy;
  /** Whether an empty text will do: in prediction it is one unknown token. */
  readonly mayBeEmpty?: boolean;
  /** `data.labels`: a class may be named "NA" or "none" there. */
  readonly labels: readonly string[] | undefined;
}

/** Reads all rows of a table. Throws DataError naming row and column for a value that is missing or unfit. */
export async function readExamples(table: Table, request: ReadRequest): Promise<TableExamples> {
  const { path } = table;
  const { roles } = request;
  const examples = emptyExamples(path);
  let dropped = 0;
  for await (const row of table.rows()) {
    const example = readExample(row, table, request);
    if (!example) {
      dropped++;
      continue;
    }
    keepExample(examples, roles, row, example);
  }
  return { ...examples, dropped };
}

/** Adds what `readExample` found to the lists. */
export function keepExample(
  examples: TableExamples,
  roles: ColumnRoles,
  row: TableRow,
  example: NonNullable<ReturnType<typeof readExample>>,
): void {
  examples.rows.push(row.row);
  for (const value of example.features) examples.features.push(value);
  for (const value of example.targets) examples.targets.push(value);
  const { image } = example;
  keep(examples.images, roles.image, isAbsolute(image) ? image : join(dirname(examples.path), image));
  keep(examples.texts, roles.text, example.text);
  keep(examples.sequences, roles.sequence, example.sequence);
  keep(examples.steps, roles.step, example.step);
  keep(examples.labels, roles.label, example.label);
  keep(examples.tags, roles.tags, example.tags);
  keep(examples.groups, roles.group, row.fields[roles.group ?? -1] ?? "");
}

/** Lists stay empty for roles that the table lacks. */
function keep<Value>(list: Value[], role: number | undefined, value: Value): void {
  if (role !== undefined) list.push(value);
}

export function emptyExamples(path: string): TableExamples {
  return {
    path,
    rows: [],
    images: [],
    texts: [],
    features: [],
    sequences: [],
    steps: [],
    labels: [],
    targets: [],
    tags: [],
    groups: [],
    dropped: 0,
  };
}

/** One row by role, with empty values for roles that the table lacks; undefined when it is to be left out. */
export function readExample(row: TableRow, { path, columns }: Pick<Table, "path" | "columns">, request: ReadRequest) {
  const { roles, missing, labels, mayBeEmpty = typeof missing === "number" } = request;
  // A number stands in for features only: a made-up label or target would be learned.
  const strict = missing === "drop" ? "drop" : "error";
  const read = (position: number | undefined, isAbsent: (field: string) => boolean) => {
    if (position === undefined) return "";
    const field = row.fields[position] ?? "";
    if (!isAbsent(field)) return field;
    if (strict === "drop") return undefined;
    throw missingValue(`${rowName(path, row)}, column "${columns[position]}"`, field);
  };
  const isBlank = (field: string) => field.trim() === "";
  const features = readValues({ row, positions: roles.features, columns, path, missing });
  const targets = readValues({ row, positions: roles.target, columns, path, missing: strict });
  const steps = readValues({ row, positions: positionsOf(roles.step), columns, path, missing: strict });
  const image = read(roles.image, isMissing);
  // "None" and "NA" are texts. A number in place of features says that an empty text will do.
  const text = read(roles.text, (field) => !mayBeEmpty && isBlank(field));
  const tags = read(roles.tags, isBlank);
  const sequence = read(roles.sequence, isBlank);
  const label = read(roles.label, (field) => isMissing(field) && !labels?.includes(field));
  const found = { features, targets, steps, image, text, tags, sequence, label };
  if (!isWhole(found)) return undefined;
  return { ...found, step: found.steps[0] ?? 0 };
}

function positionsOf(position: number | undefined): number[] {
  return position === undefined ? [] : [position];
}

function isWhole<Found extends object>(
  found: Found,
): found is { [Name in keyof Found]: Exclude<Found[Name], undefined> } {
  return Object.values(found).every((value) => value !== undefined);
}
