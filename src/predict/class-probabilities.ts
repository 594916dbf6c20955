import type { LabelProbability } from "./prediction";
import { shortestNumber } from "./shortest-number";

/**
 * One probability for each of `count` classes from the model's outputs for one example. A single sigmoid unit gives the
 * probability of the second class, and so both.
 */
export function classProbabilities(outputs: Float32Array, count: number): Float32Array {
  const [single] = outputs;
  return outputs.length === 1 && count === 2 && single !== undefined ? Float32Array.of(1 - single, single) : outputs;
}

/** The `count` most probable labels, most probable first; equal ones in the model's order. */
export function rankLabels(
  labels: readonly string[],
  probabilities: Float32Array,
  count = labels.length,
): LabelProbability[] {
  return labels
    .map((label, index) => ({ label, probability: probabilities[index] ?? 0, index }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, count)
    .map(({ label, probability }) => ({ label, probability: shortestNumber(probability) }));
}
