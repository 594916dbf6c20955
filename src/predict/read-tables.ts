import { extname } from "node:path";
import { findColumn } from "../data/csv/find-columns";
import { openTable, type Table, type TableRow } from "../data/csv/open-table";
import { readValues, rowName } from "../data/csv/read-values";
import type { TableFormat } from "../data/csv/table-format";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { DataError } from "../shared/errors";
import type { FoundInput } from "./expand-inputs";
import type { InputChunk, InputItem } from "./input-chunk";
import { withoutPrefix } from "./without-prefix";

/** How the model's tables are read: as in training. */
export interface TableLayout {
  /** Names of the feature columns, in the model's order; others in a table are not looked at. */
  readonly features: readonly string[];
  readonly header: boolean;
  /** For files whose ending does not say it. */
  readonly format: TableFormat | undefined;
  /** Stands in for a missing value; without it a row that lacks one can't be predicted. */
  readonly fill: number | undefined;
}

interface ReadOptions {
  readonly chunkSize: number;
  readonly signal?: AbortSignal | undefined;
}

const knownEndings = new Set([".csv", ".tsv", ".tab", ".jsonl", ".ndjson"]);

/**
 * Reads the rows of tables one after the other, a chunk at a time. A row that lacks a value, or a table that can't be
 * read, becomes an item with a problem.
 */
export async function* readTables(
  files: readonly FoundInput[],
  layout: TableLayout,
  preprocessing: Preprocessing,
  options: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  for (const { input, problem } of files) {
    if (problem !== undefined) yield failed(input, problem);
    else yield* readTable(input, layout, preprocessing, options);
  }
}

async function* readTable(
  path: string,
  { features, header, format, fill }: TableLayout,
  preprocessing: Preprocessing,
  { chunkSize, signal }: ReadOptions,
): AsyncGenerator<InputChunk, void, undefined> {
  try {
    const isKnown = knownEndings.has(extname(path).toLowerCase());
    const table = await openTable(path, {
      header,
      format: isKnown ? undefined : format,
      ...(signal ? { signal } : {}),
    });
    const positions = features.map((name) => findColumn(name, table.columns, path));
    let rows: TableRow[] = [];
    for await (const row of table.rows()) {
      if (rows.push(row) < chunkSize) continue;
      yield await encodeRows(table, rows, { positions, features, fill }, preprocessing);
      rows = [];
    }
    if (rows.length > 0) yield await encodeRows(table, rows, { positions, features, fill }, preprocessing);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof DataError)) throw error;
    yield failed(path, error.message);
  }
}

function failed(input: string, problem: string): InputChunk {
  return { items: [{ name: { input }, problem: withoutPrefix(problem, `${input}: `) }], inputs: undefined };
}

interface RowColumns {
  readonly positions: readonly number[];
  readonly features: readonly string[];
  readonly fill: number | undefined;
}

async function encodeRows(
  { path, columns }: Table,
  rows: readonly TableRow[],
  { positions, features, fill }: RowColumns,
  preprocessing: Preprocessing,
): Promise<InputChunk> {
  const items: InputItem[] = [];
  const values: number[] = [];
  for (const row of rows) {
    const name = { input: path, row: row.row };
    try {
      values.push(...(readValues({ row, positions, columns, path, missing: fill ?? "error" }) ?? []));
      items.push({ name });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      items.push({ name, problem: withoutPrefix(error.message, `${rowName(path, row)}, `) });
    }
  }
  const count = values.length / positions.length;
  if (count === 0) return { items, inputs: undefined };
  const encoded = preprocessing.encode(
    { kind: "vector", count, names: features, values: Float32Array.from(values) },
    { origin: (index) => `${path} row ${rows[index]?.row}`, cache: "none" },
  );
  try {
    return { items, inputs: await encoded.read(Int32Array.from({ length: count }, (_, index) => index)) };
  } finally {
    await encoded.close();
  }
}
