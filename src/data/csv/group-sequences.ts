import { DataError } from "../../shared/errors";
import type { TableExamples } from "./read-examples";

/** A table of one row for each step, series by series. */
export interface GroupedTable {
  /** One entry for each series, but for `features`, which are all steps', row-major, series by series. */
  readonly examples: TableExamples;
  /** What the column calls each series. */
  readonly names: readonly string[];
  /** Number of steps of each. */
  readonly lengths: readonly number[];
}

/**
 * Gathers the rows of each series, in the order of their steps, series in the order of their first row. Throws DataError
 * naming the rows when a step is there twice, or label, target or group are not the same in all rows of a series.
 */
export function groupSequences(examples: TableExamples): GroupedTable {
  const { path, rows, sequences, steps, features, labels, targets, groups } = examples;
  const members = new Map<string, number[]>();
  for (const [index, name] of sequences.entries()) {
    const list = members.get(name);
    if (list) list.push(index);
    else members.set(name, [index]);
  }
  if (steps.length > 0) for (const [name, list] of members) sortSteps(list, name, examples);
  const width = features.length / rows.length;
  const targetWidth = targets.length / rows.length;
  const grouped = { rows: [] as number[], features: [] as number[], labels: [] as string[], targets: [] as number[] };
  const groupNames: string[] = [];
  for (const [name, list] of members) {
    const first = list[0] as number;
    for (const index of list) {
      for (let column = 0; column < width; column++) grouped.features.push(features[index * width + column] as number);
      requireSame(examples, { name, first, index, targetWidth });
    }
    grouped.rows.push(rows[first] as number);
    if (labels.length > 0) grouped.labels.push(labels[first] as string);
    if (groups.length > 0) groupNames.push(groups[first] as string);
    grouped.targets.push(...targets.slice(first * targetWidth, (first + 1) * targetWidth));
  }
  return {
    examples: { ...examples, ...grouped, groups: groupNames, path },
    names: [...members.keys()],
    lengths: Array.from(members.values(), ({ length }) => length),
  };
}

function sortSteps(list: number[], name: string, { path, rows, steps }: TableExamples): void {
  const stepOf = (index: number) => steps[index] as number;
  list.sort((a, b) => stepOf(a) - stepOf(b));
  const twice = list.findIndex(
    (index, position) => position > 0 && stepOf(index) === stepOf(list[position - 1] as number),
  );
  if (twice < 0) return;
  const [first, second] = [list[twice - 1] as number, list[twice] as number];
  throw new DataError(
    `${path} rows ${rows[first]} and ${rows[second]} are both step ${stepOf(first)} of the sequence ${JSON.stringify(name)}`,
    { hint: "Give each step of a sequence a number of its own." },
  );
}

interface Member {
  readonly name: string;
  readonly first: number;
  readonly index: number;
  readonly targetWidth: number;
}

function requireSame(
  { path, rows, labels, targets, groups }: TableExamples,
  { name, first, index, targetWidth }: Member,
): void {
  const differs = (list: readonly unknown[], width: number) =>
    Array.from({ length: width }, (_, column) => column).some(
      (column) => list[first * width + column] !== list[index * width + column],
    );
  const what = differs(labels, Math.sign(labels.length))
    ? "label"
    : differs(targets, targetWidth)
      ? "target"
      : differs(groups, Math.sign(groups.length))
        ? "group"
        : undefined;
  if (what === undefined) return;
  throw new DataError(
    `${path} rows ${rows[first]} and ${rows[index]} differ in their ${what}, and are of the same sequence ${JSON.stringify(name)}`,
    { hint: `A sequence has one ${what}. If sequences repeat their names, give each one of its own.` },
  );
}
