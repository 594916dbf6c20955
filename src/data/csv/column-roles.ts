import { z } from "zod";
import { DataError } from "../../shared/errors";
import { expandNames, findColumn } from "./find-columns";

const name = z.string().min(1);
const names = z.array(name).min(1);

/** `columns` of a config: what is what in a table. */
export const columnsSchema = z
  .strictObject({
    image: name.optional().describe("Column of image files, relative to the table's folder."),
    text: name.optional().describe("Column of texts."),
    tokens: name.optional().describe("Column of words that are separated by spaces, each of which has a tag."),
    features: names.optional().describe('Columns of numbers, by name or as a range: ["age", "c0..c11"].'),
    layout: z
      .enum(["vector", "steps"])
      .optional()
      .describe(
        'What features are: "vector" (default): one number each; "steps": the steps of one series, a row each.',
      ),
    sequence: name
      .optional()
      .describe("Column that says which series a row is a step of; features are then its channels."),
    step: name
      .optional()
      .describe("Column of numbers that order the steps of a series; else they are in the file's order."),
    label: name.optional().describe("Column of the class."),
    target: names.optional().describe("Columns of the numbers to predict."),
    tags: name.optional().describe("Column of the words' tags, separated by spaces."),
  })
  .refine(({ image, text, tokens, features }) => countGiven([image, text, tokens, features]) === 1, {
    error: 'needs one input: "image", "text", "tokens" or "features"',
  })
  .refine(({ label, target, tags }) => countGiven([label, target, tags]) === 1, {
    error: 'needs what is to be predicted: "label", "target" or "tags"',
  })
  .refine(({ tokens, tags }) => (tokens === undefined) === (tags === undefined), {
    path: ["tags"],
    error: '"tokens" and "tags" go together: a tag for each word',
  })
  .refine(({ layout, features }) => layout === undefined || features !== undefined, {
    path: ["layout"],
    error: 'says how "features" are laid out, and there are none',
  })
  .refine(
    ({ sequence, features, layout }) => sequence === undefined || (features !== undefined && layout === undefined),
    {
      path: ["sequence"],
      error: 'needs "features", the channels of each step, and no "layout"',
    },
  )
  .refine(({ step, sequence }) => step === undefined || sequence !== undefined, {
    path: ["step"],
    error: 'orders the rows of a "sequence", and there is none',
  });

export type ColumnsConfig = z.output<typeof columnsSchema>;

function countGiven(roles: readonly unknown[]): number {
  return roles.filter((role) => role !== undefined).length;
}

/** Positions of the columns in a table. */
export interface ColumnRoles {
  readonly image: number | undefined;
  /** Of texts, or of words that have tags. */
  readonly text: number | undefined;
  readonly features: readonly number[];
  readonly sequence: number | undefined;
  readonly step: number | undefined;
  readonly label: number | undefined;
  readonly target: readonly number[];
  readonly tags: number | undefined;
  readonly group: number | undefined;
}

interface RolesRequest {
  readonly columns: ColumnsConfig;
  readonly ignore: readonly string[];
  readonly groupBy: string | undefined;
  /** Whether a target may be a feature, too: forecasting predicts what it has seen. */
  readonly isForecast?: boolean;
}

interface KnownColumns {
  readonly columns: readonly string[];
  readonly path: string;
}

/**
 * Finds each role's columns in a table. Throws DataError for a name the table lacks, for a column with two roles, and
 * for one that neither a role nor `ignore` names: nothing is left out in silence.
 */
export function columnRoles(
  { columns, ignore, groupBy, isForecast = false }: RolesRequest,
  { columns: known, path }: KnownColumns,
): ColumnRoles {
  const find = (column: string) => findColumn(column, known, path);
  const findAll = (list: readonly string[] = []) => expandNames(list, known, path).map(find);
  const single = (column: string | undefined) => (column === undefined ? undefined : find(column));
  const roles: ColumnRoles = {
    image: single(columns.image),
    text: single(columns.text ?? columns.tokens),
    features: findAll(columns.features),
    sequence: single(columns.sequence),
    step: single(columns.step),
    label: single(columns.label),
    target: findAll(columns.target),
    tags: single(columns.tags),
    group: single(groupBy),
  };
  const ignored = expandNames(ignore, known, path).filter((column) => known.includes(column));
  checkOnce(isForecast ? { ...roles, target: withoutFeatures(roles) } : roles, ignored, known, path);
  return roles;
}

/**
 * Positions of the inputs' columns alone, for prediction: what is predicted need not be there, and other columns are not
 * looked at. Throws DataError for a name the table lacks.
 */
export function inputRoles(
  {
    image,
    text,
    tokens,
    features,
    sequence,
    step,
  }: Pick<ColumnsConfig, "image" | "text" | "tokens" | "features" | "sequence" | "step">,
  { columns: known, path }: KnownColumns,
): ColumnRoles {
  const find = (column: string) => findColumn(column, known, path);
  const single = (column: string | undefined) => (column === undefined ? undefined : find(column));
  return {
    image: single(image),
    text: single(text ?? tokens),
    features: expandNames(features ?? [], known, path).map(find),
    sequence: single(sequence),
    step: single(step),
    label: undefined,
    target: [],
    tags: undefined,
    group: undefined,
  };
}

function withoutFeatures({ target, features }: ColumnRoles): number[] {
  return target.filter((position) => !features.includes(position));
}

function checkOnce(roles: ColumnRoles, ignored: readonly string[], known: readonly string[], path: string): void {
  const { image, text, features, sequence, step, label, target, tags, group } = roles;
  const used = [image, text, ...features, sequence, step, label, ...target, tags].filter(
    (position) => position !== undefined,
  );
  const twice = used.find((position, index) => used.indexOf(position) !== index);
  if (twice !== undefined) throw new DataError(`${path}: the column "${known[twice]}" has two roles in data.columns`);
  const both = used.find((position) => ignored.includes(known[position] as string));
  if (both !== undefined) throw new DataError(`${path}: the column "${known[both]}" has a role and is ignored`);
  const named = new Set([...used, group].map((position) => known[position ?? -1]));
  const left = known.filter((column) => !named.has(column) && !ignored.includes(column));
  if (left.length > 0) {
    throw new DataError(`${path} has columns that nothing names: ${left.slice(0, 20).join(", ")}`, {
      hint: `Give each a role in data.columns, or leave it out: "ignore": ${JSON.stringify(left.slice(0, 20))}`,
    });
  }
}
