import { basename, resolve } from "node:path";
import { z } from "zod";
import { DataError } from "../../shared/errors";
import { checkImages } from "../csv/check-images";
import { columnRoles, columnsSchema } from "../csv/column-roles";
import { groupSequences } from "../csv/group-sequences";
import { openTable } from "../csv/open-table";
import { readExamples, type TableExamples } from "../csv/read-examples";
import { missingPolicy } from "../csv/read-values";
import { tableFormat } from "../csv/table-format";
import { type InputPart, joinNumbers, tableInputs } from "../csv/table-inputs";
import { tagTargets } from "../csv/tag-targets";
import type { ExampleSet, ExampleTargets, SplitName, Task } from "../example-set";
import { classTargets } from "./class-targets";
import { defineSource, type SourceContext } from "./define-source";
import { labels } from "./label-list";
import { forecastWindowSchema } from "./window-config";

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
  window: forecastWindowSchema.optional(),
  labels,
};

type CsvOptions = z.output<z.ZodObject<typeof options>>;

export const csv = defineSource({
  type: "csv",
  description:
    "A table of examples: features, a text, a series or an image file, and a class, numbers or tags to predict; or, with a window, a table whose rows follow on one another, to forecast.",
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
    return combine(parts, given, context);
  },
});

/** A table, and the split that it is the file of. */
interface Part extends InputPart {
  readonly split: SplitName | undefined;
  readonly examples: TableExamples;
  /** What each example is called in the table, where that is not its row. */
  readonly names: readonly string[] | undefined;
}

async function readPart(
  path: string,
  split: SplitName | undefined,
  { format, header, columns, ignore, missing, window }: CsvOptions,
  { labels, groupBy, isSkippingBadFiles, signal }: SourceContext,
): Promise<Part> {
  const table = await openTable(path, { format, header, signal });
  const roles = columnRoles({ columns, ignore, groupBy, isForecast: window !== undefined }, table);
  const examples = await readExamples(table, { roles, missing, labels });
  if (examples.rows.length === 0) {
    const why = examples.dropped > 0 ? `: all ${examples.dropped} lack a value` : "";
    throw new DataError(`${path} has no rows that can be used${why}`, {
      hint: "A table needs at least one row of data.",
    });
  }
  if (!isSkippingBadFiles) await checkImages(examples, signal);
  const part = { split, roles, columns: table.columns };
  if (roles.sequence === undefined) return { ...part, examples, names: undefined };
  return { ...part, ...groupSequences(examples) };
}

function combine(
  parts: readonly Part[],
  { columns, window }: CsvOptions,
  { labels, groupBy }: SourceContext,
): ExampleSet {
  const [first] = parts as [Part];
  const partOf = parts.flatMap((part) => part.examples.rows.map(() => part));
  const rows = parts.flatMap(({ examples }) => examples.rows);
  const names = parts.flatMap((part) => part.names ?? []);
  const origin = (index: number) => {
    const file = basename(partOf[index]?.examples.path ?? "");
    return names.length > 0 ? `${file} sequence ${names[index]}` : `${file} row ${rows[index]}`;
  };
  const groups = parts.flatMap(({ examples }) => examples.groups);
  return {
    inputs: tableInputs(parts, columns),
    targets: targetsOf(parts, labels, origin),
    count: rows.length,
    ...taskOf(columns.tags !== undefined, window !== undefined),
    ...(window ? { windows: { ...window, segment: segments(parts) } } : {}),
    ownSplit: (index) => partOf[index]?.split,
    origin,
    ...(groupBy === undefined || first.roles.group === undefined ? {} : { group: (index) => groups[index] as string }),
    warnings: parts.flatMap(({ examples }) => [...describeDropped(examples), ...describeReplaced(examples)]),
  };
}

function taskOf(hasTags: boolean, hasWindow: boolean): { readonly task?: Task } {
  if (hasTags) return { task: "tokens" };
  return hasWindow ? { task: "forecasting" } : {};
}

/** Rows of a file that follow on one another have the same number; where a row was left out, another begins. */
function segments(parts: readonly Part[]): (index: number) => number {
  let segment = -1;
  const numbers = parts.flatMap(({ examples: { rows } }) =>
    rows.map((row, index) => (index > 0 && row === (rows[index - 1] as number) + 1 ? segment : ++segment)),
  );
  return (index) => numbers[index] as number;
}

function describeDropped({ dropped, path }: TableExamples): string[] {
  if (dropped === 0) return [];
  const which =
    dropped === 1 ? `1 row of ${path} lacks a value and was` : `${dropped} rows of ${path} lack a value and were`;
  return [`${which} left out`];
}

/** Tables are read with U+FFFD for what is not UTF-8, and texts that were in another encoding look like this. */
function describeReplaced({ texts, path }: TableExamples): string[] {
  const count = texts.filter((text) => text.includes("\uFFFD")).length;
  if (count === 0) return [];
  return [
    `${count} ${count === 1 ? "text" : "texts"} of ${path} hold U+FFFD, which stands for bytes that are not UTF-8`,
  ];
}

function targetsOf(
  parts: readonly Part[],
  labels: readonly string[] | undefined,
  origin: (index: number) => string,
): ExampleTargets {
  const [{ roles, columns }] = parts as [Part];
  if (roles.tags !== undefined) {
    const tags = parts.flatMap(({ examples }) => examples.tags);
    const texts = parts.flatMap(({ examples }) => examples.texts);
    return tagTargets({ tags, texts, labels, origin, where: `column "${columns[roles.tags]}"` });
  }
  if (roles.label === undefined) {
    const names = roles.target.map((position) => columns[position] as string);
    return { kind: "values", names, values: joinNumbers(parts.map(({ examples }) => examples.targets)) };
  }
  const given = parts.flatMap(({ examples }) => examples.labels);
  return classTargets({ given, labels, origin, where: `column "${columns[roles.label]}"` });
}
