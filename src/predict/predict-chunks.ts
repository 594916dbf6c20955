import type { HostTensor } from "../shared/host-tensor";
import { classProbabilities, rankLabels } from "./class-probabilities";
import type { InputChunk } from "./input-chunk";
import { labelWords } from "./label-words";
import type { Prediction } from "./prediction";
import { shortestNumber } from "./shortest-number";

interface Answering {
  /** Class names in the order of the outputs; null where the model predicts values. */
  readonly labels: readonly string[] | null;
  /** How many labels a prediction lists; all by default. */
  readonly topK?: number | undefined;
}

/** The model's outputs for a batch, `[batch, ...]`. */
interface BatchPredictor {
  predict(inputs: HostTensor): Promise<HostTensor<Float32Array>>;
}

/** What the model says of each item of each chunk, in their order. The predictor is not disposed. */
export async function* predictChunks(
  predictor: BatchPredictor,
  { labels, topK }: Answering,
  chunks: AsyncIterable<InputChunk>,
): AsyncGenerator<Prediction[], void, undefined> {
  for await (const { items, inputs } of chunks) yield predictItems(items, inputs && (await predictor.predict(inputs)));

  function predictItems(items: InputChunk["items"], outputsOfAll: HostTensor<Float32Array> | undefined): Prediction[] {
    const { data, shape } = outputsOfAll ?? { data: new Float32Array(), shape: [0, 0] };
    const width = shape.slice(1).reduce((product, size) => product * size, 1);
    let row = 0;
    return items.map(({ name, problem, words, toOriginal }) => {
      if (problem !== undefined) return { ...name, error: problem };
      const outputs = data.subarray(row * width, ++row * width);
      if (!outputs.every(Number.isFinite)) return { ...name, error: "The model's output for it is not a number" };
      if (!labels) return { ...name, values: Array.from(toOriginal?.(outputs) ?? outputs, shortestNumber) };
      if (words) return { ...name, tokens: labelWords(words, outputs, labels) };
      const predictions = rankLabels(labels, classProbabilities(outputs, labels.length), topK);
      const [best] = predictions;
      return { ...name, label: best?.label ?? "", probability: best?.probability ?? 0, predictions };
    });
  }
}
