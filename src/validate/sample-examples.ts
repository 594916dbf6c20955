import type { ReadData } from "./read-data";

/** More classes than this are sampled, so that a validation stays a matter of seconds. */
const mostSamples = 200;

/**
 * Reads the first training example of each class, and the first of each other split, all the way through preprocessing.
 * Throws DataError for one that can't be used. Returns how many were read.
 */
export async function readSamples({ set, splits, preprocessing }: ReadData, signal?: AbortSignal): Promise<number> {
  const examples = chooseSamples(set.targets, splits);
  const encoded = preprocessing.encode(set.inputs, { origin: set.origin, cache: "none" });
  try {
    await encoded.read(examples, signal);
  } finally {
    await encoded.close();
  }
  return examples.length;
}

function chooseSamples(targets: ReadData["set"]["targets"], splits: ReadData["splits"]): Int32Array {
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
