import { DataError } from "../../shared/errors";
import type { ExampleSet, SplitIndices, SplitName } from "../example-set";
import type { ArrangedExamples } from "./define-preprocessing";
import { normalizeValue } from "./normalization";
import type { WindowRecord } from "./preprocessing-record";
import { type Run, splitRuns } from "./split-runs";
import { isRowSet } from "./uncut-sets";

const names = ["train", "validation", "test"] as const satisfies readonly SplitName[];

/**
 * Cuts rows into windows, each with the `horizon` rows after it as its targets, scaled as the record says. A window and
 * its targets stay within one split and one file. A set that is no table of rows is given back.
 */
export function arrangeWindows(set: ExampleSet, splits: SplitIndices, record: WindowRecord): ArrangedExamples {
  if (!isRowSet(set)) return { set, splits, warnings: [] };
  const { length, horizon, stride } = record.window;
  const runs = splitRuns(splits, set.windows);
  const starts: number[] = [];
  const indices = {} as Record<SplitName, Int32Array>;
  const splitOf: SplitName[] = [];
  for (const name of names) {
    const first = starts.length;
    for (const run of runs[name]) for (const start of startsOf(run, length + horizon, stride)) starts.push(start);
    indices[name] = Int32Array.from({ length: starts.length - first }, (_, index) => first + index);
    for (let index = first; index < starts.length; index++) splitOf.push(name);
  }
  const warnings = requireWindows(indices, runs, length + horizon);
  const { targets, ...rest } = set;
  return {
    set: {
      ...rest,
      inputs: {
        kind: "window",
        count: starts.length,
        names: set.inputs.names,
        length,
        values: set.inputs.values,
        starts: Int32Array.from(starts),
      },
      targets: {
        kind: "values",
        names: horizonNames(record),
        values: targetValues(Int32Array.from(starts), targets.values, record),
      },
      count: starts.length,
      ownSplit: (index) => splitOf[index],
      origin: (index) => `${set.origin(starts[index] as number)} and the ${length - 1} after it`,
    },
    splits: indices,
    warnings,
  };
}

function startsOf({ start, end }: Run, size: number, stride: number): number[] {
  const count = Math.max(0, Math.floor((end - start - size) / stride) + 1);
  return Array.from({ length: count }, (_, index) => start + index * stride);
}

/** `OT+1`, `OT+2`: by step, and within a step by target. */
export function horizonNames({
  window: { horizon },
  targets,
}: {
  readonly window: { readonly horizon: number };
  readonly targets: readonly string[];
}): string[] {
  return Array.from({ length: horizon }, (_, step) => targets.map((name) => `${name}+${step + 1}`)).flat();
}

function targetValues(
  starts: Int32Array,
  values: Float32Array,
  { window: { length, horizon, relativeTo }, targets, normalizeTargets }: WindowRecord,
): Float32Array {
  const width = targets.length;
  const scaled = (row: number, target: number) =>
    normalizeValue(values[row * width + target] as number, target, normalizeTargets);
  const result = new Float32Array(starts.length * horizon * width);
  let offset = 0;
  for (const start of starts) {
    const next = start + length;
    for (let row = next; row < next + horizon; row++) {
      for (let target = 0; target < width; target++) {
        result[offset++] = scaled(row, target) - (relativeTo === null ? 0 : scaled(next - 1, target));
      }
    }
  }
  return result;
}

function requireWindows(
  indices: SplitIndices,
  runs: Readonly<Record<SplitName, readonly Run[]>>,
  size: number,
): string[] {
  const longest = (name: SplitName) => Math.max(0, ...runs[name].map(({ start, end }) => end - start));
  if (indices.train.length === 0 && runs.train.length > 0) {
    throw new DataError(
      `The training split has at most ${longest("train")} rows in a row, and a window with its horizon takes ${size}`,
      { hint: "Make data.window shorter, or add data." },
    );
  }
  return (["validation", "test"] as const)
    .filter((name) => indices[name].length === 0 && runs[name].length > 0)
    .map(
      (name) =>
        `the ${name} split has ${longest(name)} rows, too few for a window with its horizon (${size}): it is empty`,
    );
}
