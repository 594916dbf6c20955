import type { TrainingData } from "../train/open-data";

/** Classes beyond these are not sampled, so that a validation stays a matter of seconds. */
const mostSamples = 200;

/**
 * Reads the first training example of each class, and the first of each other split, all the way through preprocessing.
 * Throws DataError for one that can't be used. Returns how many were read.
 */
export async function readSamples(data: TrainingData, signal: AbortSignal): Promise<number> {
  const examples = chooseSamples(data);
  await data.inputs.read(examples, signal);
  return examples.length;
}

function chooseSamples({ set: { targets }, splits }: TrainingData): Int32Array {
  const chosen = new Set<number>();
  const seen = new Set<number | undefined>();
  for (const example of splits.train) {
    const kind = targets.kind === "class" ? targets.indices[example] : undefined;
    if (seen.has(kind)) continue;
    seen.add(kind);
    chosen.add(example);
    if (chosen.size >= mostSamples) break;
  }
  for (const [first] of [splits.validation, splits.test]) if (first !== undefined) chosen.add(first);
  return Int32Array.from(chosen).sort();
}
