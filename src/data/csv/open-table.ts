import { DataError } from "../../shared/errors";
import { readRecords, type TableRecord } from "./read-records";
import { formatOf, type TableFormat } from "./table-format";

export interface TableOptions {
  /** By the file's ending where it isn't stated. */
  readonly format?: TableFormat | undefined;
  /** Whether the first record names the columns; without one they are "0", "1", ... */
  readonly header?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface TableRow {
  /** One for each column. */
  readonly fields: readonly string[];
  /** Number of the row, from 1; the header is not counted. */
  readonly row: number;
  /** Number of the line where it ends in the file, from 1. */
  readonly line: number;
}

/** A table whose column names are known and whose rows are read once, as they are asked for. */
export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  rows(): AsyncGenerator<TableRow, void, undefined>;
}

/** Opens a comma- or tab-separated or JSON lines file. Throws DataError when it is empty or its header is unfit. */
export async function openTable(path: string, { format, header = true, signal }: TableOptions): Promise<Table> {
  const kind = format ?? formatOf(path);
  const records = readRecords(path, kind, signal);
  const first = await records.next();
  if (first.done) throw new DataError(`${path} is empty`, { hint: "A table needs at least one row." });
  const isNamed = header || kind === "jsonl";
  const columns = isNamed ? first.value.fields : first.value.fields.map((_, index) => String(index));
  checkColumns(columns, path);
  return { path, columns, rows: () => number(records, isNamed ? undefined : first.value) };
}

async function* number(
  records: AsyncGenerator<TableRecord, void, undefined>,
  first: TableRecord | undefined,
): AsyncGenerator<TableRow, void, undefined> {
  let row = 0;
  try {
    if (first) yield { ...first, row: ++row };
    for await (const record of records) yield { ...record, row: ++row };
  } finally {
    await records.return();
  }
}

function checkColumns(columns: readonly string[], path: string): void {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new DataError(`${path} names the column "${twice}" twice`, {
      hint: 'Rename one. If the first row holds values and not names, state "header": false.',
    });
  }
}
