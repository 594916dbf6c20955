import { z } from "zod";
import { DataError } from "../../shared/errors";
import { expandNames, findColumn } from "./find-columns";

const name = z.string().min(1);
const names = z.array(name).min(1);

/** `columns` of a config: what is what in a table. */
export const columnsSchema = z
  .strictObject({
    image: name.optional().describe("Column of image files, relative to the table's folder."),
    features: names.optional().describe('Columns of numbers, by name or as a range: ["age", "c0..c11"].'),
    label: name.optional().describe("Column of the class."),
    target: names.optional().describe("Columns of the numbers to predict."),
  })
  .refine(({ image, features }) => (image === undefined) !== (features === undefined), {
    error: 'needs one input: either "image" or "features"',
  })
  .refine(({ label, target }) => (label === undefined) !== (target === undefined), {
    error: 'needs what is to be predicted: either "label" or "target"',
  });

export type ColumnsConfig = z.output<typeof columnsSchema>;

/** Positions of the columns in a table. */
export interface ColumnRoles {
  readonly image: number | undefined;
  readonly features: readonly number[];
  readonly label: number | undefined;
  readonly target: readonly number[];
  readonly group: number | undefined;
}

interface RolesRequest {
  readonly columns: ColumnsConfig;
  readonly ignore: readonly string[];
  readonly groupBy: string | undefined;
}

/**
 * Finds each role's columns in a table. Throws DataError for a name the table lacks, for a column with two roles, and
 * for one that neither a role nor `ignore` names: nothing is left out in silence.
 */
export function columnRoles(
  { columns, ignore, groupBy }: RolesRequest,
  { columns: known, path }: { readonly columns: readonly string[]; readonly path: string },
): ColumnRoles {
  const find = (column: string) => findColumn(column, known, path);
  const findAll = (list: readonly string[] = []) => expandNames(list, known, path).map(find);
  const single = (column: string | undefined) => (column === undefined ? undefined : find(column));
  const roles: ColumnRoles = {
    image: single(columns.image),
    features: findAll(columns.features),
    label: single(columns.label),
    target: findAll(columns.target),
    group: single(groupBy),
  };
  const ignored = expandNames(ignore, known, path).filter((column) => known.includes(column));
  checkOnce(roles, ignored, known, path);
  return roles;
}

function checkOnce(roles: ColumnRoles, ignored: readonly string[], known: readonly string[], path: string): void {
  const { image, features, label, target, group } = roles;
  const used = [image, ...features, label, ...target].filter((position) => position !== undefined);
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
