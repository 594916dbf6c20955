import { classProbabilities, rankLabels } from "./class-probabilities";
import type { InputWords } from "./input-chunk";
import type { WordLabel } from "./prediction";

/** The most probable label of each word. `outputs` is `[steps, width]`, row-major. */
export function labelWords(
  { words, wordOfStep }: InputWords,
  outputs: Float32Array,
  labels: readonly string[],
): WordLabel[] {
  const width = outputs.length / wordOfStep.length;
  const found = new Map<number, { readonly label: string; readonly probability: number }>();
  for (const [step, word] of wordOfStep.entries()) {
    if (word < 0) continue;
    const probabilities = classProbabilities(outputs.subarray(step * width, (step + 1) * width), labels.length);
    const [best] = rankLabels(labels, probabilities, 1);
    if (best) found.set(word, best);
  }
  return words.map((token, word) => ({ token, label: null, probability: null, ...found.get(word) }));
}
