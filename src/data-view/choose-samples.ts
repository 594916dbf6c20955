import { seededOrder } from "../data/seeded-order";
import type { TrainingData } from "../train/open-data";

/** Training examples to look at: of each class one, and then another, in the order of the run's first epoch. */
export function chooseSamples(
  { set: { targets }, splits: { train } }: TrainingData,
  seed: number,
  most: number,
): Int32Array {
  const order = Array.from(seededOrder(train.length, seed, "epoch", 0), (position) => train[position] as number);
  if (targets.kind !== "class") return Int32Array.from(order.slice(0, most));
  const taken = new Array<number>(targets.labels.length).fill(0);
  const ranked = order.map((example, position) => {
    const label = targets.indices[example] as number;
    const round = taken[label] as number;
    taken[label] = round + 1;
    return { example, position, label, round };
  });
  return Int32Array.from(
    ranked
      .sort((a, b) => a.round - b.round || a.position - b.position)
      .slice(0, most)
      .sort((a, b) => a.label - b.label || a.position - b.position)
      .map(({ example }) => example),
  );
}
