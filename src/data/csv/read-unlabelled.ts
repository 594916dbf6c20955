import { DataError } from "../../shared/errors";
import type { ExampleInputs } from "../example-set";
import { type ColumnRoles, type ColumnsConfig, inputRoles } from "./column-roles";
import { groupSequences } from "./group-sequences";
import { openTable, type Table, type TableRow } from "./open-table";
import { emptyExamples, keepExample, readExample, type TableExamples } from "./read-examples";
import { rowName } from "./read-values";
import type { TableFormat } from "./table-format";
import { tableInputs } from "./table-inputs";

/** How the tables of a model are laid out: as in training, but what is predicted need not be there. */
export interface UnlabelledLayout {
  readonly columns: ColumnsConfig;
  readonly header: boolean;
  /** For files whose ending does not say it. */
  readonly format: TableFormat | undefined;
  /** Stands in for a missing number; without it what lacks one can't be predicted. */
  readonly fill: number | undefined;
  /** Rows of a window, where the model forecasts: what follows the table's last rows is predicted. */
  readonly windowLength: number | undefined;
}

/** Something to predict for: a row, or all rows of a sequence, or of the last window. */
export interface UnlabelledItem {
  /** From 1; a sequence's or window's first. */
  readonly row: number;
  /** What the table calls the sequence. */
  readonly sequence?: string;
  /** Why nothing can be predicted for it. */
  readonly problem?: string;
}

export interface UnlabelledChunk {
  readonly items: readonly UnlabelledItem[];
  /** Inputs of the items without a problem, in their order; undefined where there is none. */
  readonly inputs: ExampleInputs | undefined;
}

interface ReadOptions {
  readonly chunkSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The inputs in a table, for prediction, `chunkSize` rows at a time; a table of sequences or for forecasting at once. What can't be used
 * becomes an item with a problem. Throws DataError for a table that can't be read.
 */
export async function* readUnlabelled(
  path: string,
  layout: UnlabelledLayout,
  { chunkSize, signal }: ReadOptions,
): AsyncGenerator<UnlabelledChunk, void, undefined> {
  const table = await openTable(path, { header: layout.header, format: layout.format, signal });
  const roles = inputRoles(layout.columns, table);
  const isWhole = roles.sequence !== undefined || layout.windowLength !== undefined;
  let reader = new RowReader(table, roles, layout);
  for await (const row of table.rows()) {
    reader.read(row);
    if (isWhole || reader.count < chunkSize) continue;
    yield reader.rows();
    reader = new RowReader(table, roles, layout);
  }
  if (roles.sequence !== undefined) yield reader.sequences();
  else if (layout.windowLength !== undefined) yield reader.lastWindow(layout.windowLength);
  else if (reader.count > 0) yield reader.rows();
}

class RowReader {
  private readonly examples: TableExamples;
  private readonly items: (UnlabelledItem & { readonly sequence: string })[] = [];

  constructor(
    private readonly table: Table,
    private readonly roles: ColumnRoles,
    private readonly layout: UnlabelledLayout,
  ) {
    this.examples = emptyExamples(table.path);
  }

  get count(): number {
    return this.items.length;
  }

  read(row: TableRow): void {
    const { table, roles, layout, items } = this;
    // Kept apart by their sequence even where the rest of the row can't be read.
    const sequence = roles.sequence === undefined ? "" : (row.fields[roles.sequence] ?? "");
    try {
      const request = { roles, missing: layout.fill ?? ("error" as const), labels: undefined, mayBeEmpty: true };
      const example = readExample(row, table, request);
      if (!example) return;
      keepExample(this.examples, roles, row, example);
      items.push({ row: row.row, sequence });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      items.push({ row: row.row, sequence, problem: error.message.replace(`${rowName(table.path, row)}, `, "") });
    }
  }

  rows(): UnlabelledChunk {
    const items = this.items.map(({ row, problem }) => ({ row, ...(problem === undefined ? {} : { problem }) }));
    return { items, inputs: this.inputsOf(this.examples) };
  }

  /** A sequence with a row that can't be read can't be predicted. */
  sequences(): UnlabelledChunk {
    const found = new Map<string, UnlabelledItem>();
    for (const { row, sequence, problem } of this.items) {
      const item = found.get(sequence);
      const because = item?.problem ?? (problem === undefined ? undefined : `row ${row}, ${problem}`);
      found.set(sequence, {
        row: item?.row ?? row,
        sequence,
        ...(because === undefined ? {} : { problem: because }),
      });
    }
    const isBad = (name: string) => found.get(name)?.problem !== undefined;
    const sound = withoutRows(this.examples, isBad);
    const items = [...found.values()];
    if (sound.rows.length === 0) return { items, inputs: undefined };
    const { examples, lengths } = groupSequences(sound);
    return { items, inputs: this.inputsOf(examples, lengths) };
  }

  lastWindow(length: number): UnlabelledChunk {
    const window = this.items.slice(-length);
    const row = window[0]?.row ?? 1;
    const bad = window.find(({ problem }) => problem !== undefined);
    const problem =
      window.length < length
        ? `the table has ${window.length} rows, and the model sees ${length}`
        : bad && `row ${bad.row}, ${bad.problem}`;
    if (problem !== undefined) return { items: [{ row, problem }], inputs: undefined };
    const inputs = this.inputsOf(this.examples);
    if (inputs?.kind !== "vector") return { items: [], inputs: undefined };
    const { names, values, count } = inputs;
    const starts = Int32Array.of(count - length);
    return { items: [{ row }], inputs: { kind: "window", count: 1, names, length, values, starts } };
  }

  private inputsOf(examples: TableExamples, lengths?: readonly number[]): ExampleInputs | undefined {
    if (examples.rows.length === 0) return undefined;
    const { roles, table, layout } = this;
    return tableInputs([{ examples, roles, columns: table.columns, lengths }], layout.columns);
  }
}

/** The rows of the other sequences. */
function withoutRows(examples: TableExamples, isOut: (sequence: string) => boolean): TableExamples {
  const { rows, sequences, steps, features } = examples;
  const width = features.length / rows.length;
  const kept = sequences.flatMap((name, index) => (isOut(name) ? [] : [index]));
  return {
    ...examples,
    rows: kept.map((index) => rows[index] as number),
    sequences: kept.map((index) => sequences[index] as string),
    steps: steps.length > 0 ? kept.map((index) => steps[index] as number) : [],
    features: kept.flatMap((index) => features.slice(index * width, (index + 1) * width)),
  };
}
