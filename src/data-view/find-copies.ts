import { sumOf } from "../data/content-sums";
import type { ExampleTargets, SplitIndices, SplitName } from "../data/example-set";

/** Examples with the same content, in two or more places. */
export interface Copies {
  /** Their numbers, ascending. */
  readonly examples: readonly number[];
  /** The splits they are in; more than one: what is tested was trained with. */
  readonly splits: readonly SplitName[];
  /** They have different targets, of which at most one can be right. */
  readonly isContradictory: boolean;
}

/** Finds examples whose contents are equal; `contents` is what `contentSums` gives. The largest groups first. */
export function findCopies(contents: Uint8Array, targets: ExampleTargets, splits: SplitIndices): Copies[] {
  const groups = new Map<string, { examples: number[]; splits: Set<SplitName> }>();
  for (const split of ["train", "validation", "test"] as const) {
    for (const example of splits[split]) {
      const sum = sumOf(contents, example);
      if (sum === undefined) continue;
      const group = groups.get(sum) ?? { examples: [], splits: new Set() };
      group.examples.push(example);
      group.splits.add(split);
      groups.set(sum, group);
    }
  }
  return Array.from(groups.values())
    .filter(({ examples }) => examples.length > 1)
    .map(({ examples, splits }) => ({
      examples: examples.sort((a, b) => a - b),
      splits: [...splits],
      isContradictory: new Set(examples.map((example) => targetOf(targets, example))).size > 1,
    }))
    .sort((a, b) => b.examples.length - a.examples.length || (a.examples[0] as number) - (b.examples[0] as number));
}

function targetOf(targets: ExampleTargets, example: number): string {
  if (targets.kind === "class") return String(targets.indices[example]);
  if (targets.kind === "sequence") return targets.steps(example).join();
  const width = targets.names.length;
  return targets.values.subarray(example * width, (example + 1) * width).join();
}
