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
  /** Row-major. */
  readonly features: number[];
  readonly labels: string[];
  /** Row-major. */
  readonly targets: number[];
  readonly groups: string[];
  /** Rows left out because a value is missing. */
  readonly dropped: number;
}

interface ReadRequest {
  readonly roles: ColumnRoles;
  readonly missing: MissingPolicy;
  /** `data.labels`: a class may be named "NA" or "none" there. */
  readonly labels: readonly string[] | undefined;
}

/** Reads all rows of a table. Throws DataError naming row and column for a value that is missing or unfit. */
export async function readExamples(table: Table, request: ReadRequest): Promise<TableExamples> {
  const { path } = table;
  const { roles } = request;
  const folder = dirname(path);
  const rows: number[] = [];
  const images: string[] = [];
  const features: number[] = [];
  const labels: string[] = [];
  const targets: number[] = [];
  const groups: string[] = [];
  let dropped = 0;
  for await (const row of table.rows()) {
    const example = readExample(row, table, request);
    if (!example) {
      dropped++;
      continue;
    }
    const { image, label } = example;
    rows.push(row.row);
    for (const value of example.features) features.push(value);
    for (const value of example.targets) targets.push(value);
    if (roles.image !== undefined) images.push(isAbsolute(image) ? image : join(folder, image));
    if (roles.label !== undefined) labels.push(label);
    if (roles.group !== undefined) groups.push(row.fields[roles.group] ?? "");
  }
  return { path, rows, images, features, labels, targets, groups, dropped };
}

/** One row by role, with empty values for roles that the table lacks; undefined when it is to be left out. */
function readExample(row: TableRow, { path, columns }: Table, { roles, missing, labels }: ReadRequest) {
  // A number stands in for features only: a made-up label or target would be learned.
  const strict = missing === "drop" ? "drop" : "error";
  const textAt = (position: number | undefined, allowed?: readonly string[]) => {
    if (position === undefined) return "";
    const field = row.fields[position] ?? "";
    if (!isMissing(field) || allowed?.includes(field)) return field;
    if (strict === "drop") return undefined;
    throw missingValue(`${rowName(path, row)}, column "${columns[position]}"`, field);
  };
  const features = readValues({ row, positions: roles.features, columns, path, missing });
  const targets = readValues({ row, positions: roles.target, columns, path, missing: strict });
  const image = textAt(roles.image);
  const label = textAt(roles.label, labels);
  if (features === undefined || targets === undefined || image === undefined || label === undefined) return undefined;
  return { features, targets, image, label };
}
