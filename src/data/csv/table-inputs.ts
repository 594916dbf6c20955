import type { ExampleInputs } from "../example-set";
import type { ColumnRoles, ColumnsConfig } from "./column-roles";
import type { TableExamples } from "./read-examples";

/** A table's examples, with the lengths of its series where it has a row for each step. */
export interface InputPart {
  readonly examples: Pick<TableExamples, "images" | "texts" | "features" | "rows">;
  readonly roles: ColumnRoles;
  readonly columns: readonly string[];
  readonly lengths?: readonly number[] | undefined;
}

/** What series of one column for each step call their only channel. */
const singleChannel = "value";

/** The inputs of tables with the same columns, one after the other. */
export function tableInputs(parts: readonly InputPart[], config: ColumnsConfig): ExampleInputs {
  const [{ roles, columns }] = parts as [InputPart];
  const count = parts.reduce((sum, { examples }) => sum + examples.rows.length, 0);
  if (roles.image !== undefined) {
    const paths = parts.flatMap(({ examples }) => examples.images);
    return { kind: "image", count, image: (index) => ({ path: paths[index] as string }) };
  }
  if (roles.text !== undefined) {
    const texts = parts.flatMap(({ examples }) => examples.texts);
    return { kind: "text", count, text: (index) => texts[index] as string, isTokenized: config.tokens !== undefined };
  }
  const values = joinNumbers(parts.map(({ examples }) => examples.features));
  const names = roles.features.map((position) => columns[position] as string);
  if (roles.sequence !== undefined)
    return series(
      names,
      values,
      parts.flatMap(({ lengths = [] }) => lengths),
    );
  if (config.layout === "steps") return series([singleChannel], values, new Array<number>(count).fill(names.length));
  return { kind: "vector", count, names, values };
}

function series(names: readonly string[], values: Float32Array, lengths: readonly number[]): ExampleInputs {
  const offsets = new Int32Array(lengths.length);
  for (let index = 1; index < lengths.length; index++) {
    offsets[index] = (offsets[index - 1] as number) + (lengths[index - 1] as number);
  }
  return { kind: "series", count: lengths.length, names, lengths: Int32Array.from(lengths), offsets, values };
}

export function joinNumbers(lists: readonly (readonly number[])[]): Float32Array {
  const values = new Float32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let offset = 0;
  for (const list of lists) {
    values.set(list, offset);
    offset += list.length;
  }
  return values;
}
