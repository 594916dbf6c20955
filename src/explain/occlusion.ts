import { tf } from "../runtime/tf";
import type { Place } from "./place";

/** Inputs that are computed at once. */
const chunk = 32;

/** Numbers of the input, by their places in it without the batch's axis, that are covered together. */
export type Region = Int32Array;

/**
 * Covers one region after the other by the baseline: how much the score falls, for each, "Visualizing and understanding
 * convolutional networks" (Zeiler and Fergus, 2013).
 */
export function occlude(place: Place, regions: readonly Region[], signal?: AbortSignal): Float32Array {
  const [value, nothing] = [place.value.dataSync(), place.baseline.dataSync()];
  const [score = 0] = tf.tidy(() => place.scores(place.value).dataSync());
  const drops = new Float32Array(regions.length);
  for (let start = 0; start < regions.length; start += chunk) {
    signal?.throwIfAborted();
    const some = regions.slice(start, start + chunk);
    const batch = new Float32Array(some.length * value.length);
    for (const [index, region] of some.entries()) {
      const row = batch.subarray(index * value.length, (index + 1) * value.length);
      row.set(value);
      for (const at of region) row[at] = nothing[at] as number;
    }
    const shape = [some.length, ...place.value.shape.slice(1)];
    const scores = tf.tidy(() => place.scores(tf.tensor(batch, shape)).dataSync());
    for (const [index, each] of scores.entries()) drops[start + index] = score - each;
  }
  return drops;
}

/** The mean of the drops of all regions that cover a place; 0 where none does. */
export function meanOfCovers(size: number, regions: readonly Region[], drops: Float32Array): Float32Array {
  const sums = new Float32Array(size);
  const covers = new Float32Array(size);
  for (const [index, region] of regions.entries()) {
    for (const at of region) {
      sums[at] = (sums[at] as number) + (drops[index] as number);
      covers[at] = (covers[at] as number) + 1;
    }
  }
  return sums.map((sum, at) => sum / Math.max(1, covers[at] as number));
}
