import type { ExampleTargets, SplitIndices } from "./example-set";

/** How many examples of each class a split has, in the order of the labels. */
export type ClassCounts = readonly number[];

/** Counts the classes in each split. */
export function classCounts(
  { labels, indices }: ExampleTargets & { kind: "class" },
  splits: SplitIndices,
): Record<keyof SplitIndices, ClassCounts> {
  const count = (examples: Int32Array) => {
    const counts = new Array<number>(labels.length).fill(0);
    for (const example of examples) {
      const position = indices[example] as number;
      counts[position] = (counts[position] as number) + 1;
    }
    return counts;
  };
  return { train: count(splits.train), validation: count(splits.validation), test: count(splits.test) };
}

/** From here on a model tends to neglect the small class. */
const noteworthyRatio = 3;

/** A sentence for people when the largest class has three times the examples of the smallest or more; else undefined. */
export function describeImbalance(labels: readonly string[], counts: ClassCounts): string | undefined {
  const present = counts
    .map((count, index) => ({ count, label: labels[index] as string }))
    .filter(({ count }) => count > 0);
  if (present.length < 2) return undefined;
  const largest = present.reduce((best, entry) => (entry.count > best.count ? entry : best));
  const smallest = present.reduce((best, entry) => (entry.count < best.count ? entry : best));
  if (largest.count < noteworthyRatio * smallest.count) return undefined;
  return `the classes are uneven: "${largest.label}" has ${largest.count} training examples, "${smallest.label}" ${smallest.count}; "classWeights": "balanced" makes them count alike`;
}

/**
 * A weight for each class that makes all classes count alike in a loss: `examples / (classes * count)`, the formula of
 * scikit-learn's "balanced"; the mean over the examples is 1. A class without examples gets 1 and is not counted.
 */
export function balancedClassWeights(counts: ClassCounts): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const classes = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? total / (classes * count) : 1));
}
