import { basename, resolve } from "node:path";
import { z } from "zod";
import { DataError } from "../../shared/errors";
import { checkImages } from "../csv/check-images";
import { type ColumnRoles, columnRoles, columnsSchema } from "../csv/column-roles";
import { openTable } from "../csv/open-table";
import { readExamples, type TableExamples } from "../csv/read-examples";
import { missingPolicy } from "../csv/read-values";
import { tableFormat } from "../csv/table-format";
import type { ExampleInputs, ExampleSet, ExampleTargets, SplitName } from "../example-set";
import { classTargets } from "./class-targets";
import { defineSource, type SourceContext } from "./define-source";
import { labels } from "./label-list";

const file = z.string().min(1);

const options = {
  path: file.describe("The table: comma, tab or JSON lines."),
  validation: file.optional().describe("Table of the validation split, with the same columns."),
  test: file.optional().describe("Table of the test split, with the same columns."),
  format: tableFormat
    .optional()
    .describe("By the file's ending where it isn't stated: .tsv, .tab, .jsonl, .ndjson, else csv."),
  header: z
    .boolean()
    .default(true)
    .describe('Whether the first row names the columns; without one they are "0", "1", ...'),
  columns: columnsSchema.describe("What is what in the table."),
  ignore: z.array(z.string().min(1)).default([]).describe("Columns to leave out, by name or range."),
  missing: missingPolicy.default("error"),
  labels,
};

type CsvOptions = z.output<z.ZodObject<typeof options>>;

export const csv = defineSource({
  type: "csv",
  description:
    "A table with a row for each example: numeric features or an image file, and a class or numbers to predict.",
  options,
  paths: ["path", "validation", "test"],
  async open(given, context) {
    const parts: Part[] = [];
    const files = [
      [given.path, undefined],
      [given.validation, "validation"],
      [given.test, "test"],
    ] as const;
    for (const [path, split] of files) {
      if (path !== undefined) parts.push(await readPart(resolve(context.baseFolder, path), split, given, context));
    }
    return combine(parts, context);
  },
});

/** A table, and the split that it is the file of. */
interface Part {
  readonly split: SplitName | undefined;
  readonly examples: TableExamples;
  readonly roles: ColumnRoles;
  readonly columns: readonly string[];
}

async function readPart(
  path: string,
  split: SplitName | undefined,
  { format, header, columns, ignore, missing }: CsvOptions,
  { labels, groupBy, signal }: SourceContext,
): Promise<Part> {
  const table = await openTable(path, { format, header, signal });
  const roles = columnRoles({ columns, ignore, groupBy }, table);
  const examples = await readExamples(table, { roles, missing, labels });
  if (examples.rows.length === 0) {
    const why = examples.dropped > 0 ? `: all ${examples.dropped} lack a value` : "";
    throw new DataError(`${path} has no rows that can be used${why}`, {
      hint: "A table needs at least one row of data.",
    });
  }
  await checkImages(examples, signal);
  return { split, examples, roles, columns: table.columns };
}

function combine(parts: readonly Part[], { labels, groupBy }: SourceContext): ExampleSet {
  const [first] = parts as [Part];
  const partOf = parts.flatMap((part) => part.examples.rows.map(() => part));
  const rows = parts.flatMap(({ examples }) => examples.rows);
  const origin = (index: number) => `${basename(partOf[index]?.examples.path ?? "")} row ${rows[index]}`;
  const groups = parts.flatMap(({ examples }) => examples.groups);
  const dropped = parts.filter(({ examples }) => examples.dropped > 0);
  return {
    inputs: inputsOf(parts, rows.length),
    targets: targetsOf(parts, labels, origin),
    count: rows.length,
    ownSplit: (index) => partOf[index]?.split,
    origin,
    ...(groupBy === undefined || first.roles.group === undefined ? {} : { group: (index) => groups[index] as string }),
    warnings: dropped.map(({ examples: { dropped, path } }) =>
      dropped === 1
        ? `1 row of ${path} lacks a value and was left out`
        : `${dropped} rows of ${path} lack a value and were left out`,
    ),
  };
}

function inputsOf(parts: readonly Part[], count: number): ExampleInputs {
  const [{ roles, columns }] = parts as [Part];
  if (roles.image !== undefined) {
    const paths = parts.flatMap(({ examples }) => examples.images);
    return { kind: "image", count, image: (index) => ({ path: paths[index] as string }) };
  }
  const names = roles.features.map((position) => columns[position] as string);
  return { kind: "vector", count, names, values: concatenate(parts.map(({ examples }) => examples.features)) };
}

function targetsOf(
  parts: readonly Part[],
  labels: readonly string[] | undefined,
  origin: (index: number) => string,
): ExampleTargets {
  const [{ roles, columns }] = parts as [Part];
  if (roles.label === undefined) {
    const names = roles.target.map((position) => columns[position] as string);
    return { kind: "values", names, values: concatenate(parts.map(({ examples }) => examples.targets)) };
  }
  const given = parts.flatMap(({ examples }) => examples.labels);
  return classTargets({ given, labels, origin, where: `column "${columns[roles.label]}"` });
}

function concatenate(lists: readonly (readonly number[])[]): Float32Array {
  const values = new Float32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let offset = 0;
  for (const list of lists) {
    values.set(list, offset);
    offset += list.length;
  }
  return values;
}
