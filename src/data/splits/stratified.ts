import { ConfigError } from "../../shared/errors";
import type { ExampleTargets, SplitName } from "../example-set";
import { seededOrder } from "../seeded-order";
import type { SplitMethod } from "./split-method";

/** Fewer can't be in all three splits. */
const smallestClass = 3;

export const stratified: SplitMethod = {
  description:
    "Drawn by the seed within each class, so that each split has the classes in the same proportion, at least one example of each. A class with under three examples stays in training.",
  assign({ set: { targets }, examples, validation, test, seed }) {
    const members = byClass(targets, examples);
    const small = members.filter(({ positions }) => positions.length < smallestClass);
    const large = members.filter(({ positions }) => positions.length >= smallestClass);
    const sizes = large.map(({ positions }) => positions.length);
    // Room is kept for one example in each of the other splits.
    const others = test > 0 ? 2 : 1;
    const validationCounts = allot(sizes, validation, (index) => (sizes[index] as number) - others);
    const testCounts = allot(
      sizes,
      test,
      (index) => (sizes[index] as number) - (validationCounts[index] as number) - 1,
    );
    const splits = new Array<SplitName>(examples.length).fill("train");
    for (const [index, { label, positions }] of large.entries()) {
      const order = seededOrder(positions.length, seed, "split", label);
      const validationCount = validationCounts[index] as number;
      const end = validationCount + (testCounts[index] as number);
      for (const [rank, member] of order.entries()) {
        if (rank < end) splits[positions[member] as number] = rank < validationCount ? "validation" : "test";
      }
    }
    return { splits, warnings: small.map(stays) };
  },
};

interface Members {
  readonly label: string;
  /** Positions in the list of examples. */
  readonly positions: number[];
}

function byClass(targets: ExampleTargets, examples: Int32Array): Members[] {
  if (targets.kind !== "class") {
    throw new ConfigError([
      {
        path: "data.split.method",
        message: `stratified needs a class for each example, but ${targets.kind === "values" ? "numbers are" : "a class for each step is"} predicted`,
        hint: 'Use "random".',
      },
    ]);
  }
  const classes: Members[] = targets.labels.map((label) => ({ label, positions: [] }));
  for (const [position, example] of examples.entries()) {
    classes[targets.indices[example] as number]?.positions.push(position);
  }
  return classes.filter(({ positions }) => positions.length > 0);
}

/**
 * How many of each class go into a split: its fraction rounded down, one at least, and what is missing to the fraction
 * of them all to the classes that lost most by rounding (the largest-remainder method). Never above `room`.
 */
function allot(sizes: readonly number[], fraction: number, room: (index: number) => number): number[] {
  if (fraction === 0) return sizes.map(() => 0);
  const counts = sizes.map((size, index) => Math.min(room(index), Math.max(1, Math.floor(size * fraction))));
  const total = Math.round(sizes.reduce((sum, size) => sum + size, 0) * fraction);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  const remainder = (index: number) => (sizes[index] as number) * fraction - (counts[index] as number);
  const order = sizes.map((_, index) => index).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const index of order) {
    if (missing <= 0) break;
    if ((counts[index] as number) >= room(index)) continue;
    counts[index] = (counts[index] as number) + 1;
    missing--;
  }
  return counts;
}

function stays({ label, positions }: Members): string {
  const count = positions.length === 1 ? "one example" : `${positions.length} examples`;
  return `the class "${label}" has only ${count} to split: all stay in training`;
}
