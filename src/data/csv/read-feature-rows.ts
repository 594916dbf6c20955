import { UserError } from "../../shared/errors";
import { findColumn } from "./find-columns";
import { openTable, type TableOptions } from "./open-table";
import { type MissingPolicy, readValues } from "./read-values";

/** One row of a table that is to be predicted. */
export type FeatureRow =
  | { readonly row: number; readonly values: Float32Array }
  /** A row that can't be read, or lacks a value: the others still can. */
  | { readonly row: number; readonly error: string };

interface FeatureRowsOptions extends TableOptions {
  /** Columns of the features, in the model's order (`names` of the training inputs); other columns may be there. */
  readonly names: readonly string[];
  /** As in training; where rows were dropped, such a row gives an error. */
  readonly missing?: MissingPolicy;
}

/** The feature values of a table, row by row, in bounded memory. Throws DataError when the table or a column is not there. */
export async function* readFeatureRows(
  path: string,
  { names, missing = "error", ...options }: FeatureRowsOptions,
): AsyncGenerator<FeatureRow, void, undefined> {
  const table = await openTable(path, options);
  const positions = names.map((name) => findColumn(name, table.columns, path));
  const policy = missing === "drop" ? "error" : missing;
  for await (const row of table.rows()) {
    try {
      const values = readValues({ row, positions, columns: table.columns, path, missing: policy }) as number[];
      yield { row: row.row, values: Float32Array.from(values) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield { row: row.row, error: error.message };
    }
  }
}
