import type { DeviceStage } from "../data/device-stage";
import { createPredictor } from "../engine/create-predictor";
import type { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";
import { classProbabilities, rankLabels } from "./class-probabilities";
import type { InputChunk } from "./input-chunk";
import { labelWords } from "./label-words";
import type { Prediction } from "./prediction";
import { shortestNumber } from "./shortest-number";

interface PredictionModel {
  readonly model: tf.LayersModel;
  readonly deviceStage: DeviceStage;
  /** Type of the inputs that chunks bring. */
  readonly dtype: "uint8" | "float32" | "int32";
  /** How many examples will come, where that is known. */
  readonly examples?: number | undefined;
  /** Class names in the order of the outputs; null where the model predicts values. */
  readonly labels: readonly string[] | null;
  /** How many labels a prediction lists; all by default. */
  readonly topK?: number | undefined;
}

/** What the model says of each item of each chunk, in their order. The model is not disposed. */
export async function* predictChunks(
  { model, deviceStage, dtype, examples, labels, topK }: PredictionModel,
  chunks: AsyncIterable<InputChunk>,
): AsyncGenerator<Prediction[], void, undefined> {
  const predictor = createPredictor(model, deviceStage, { dtype, examples });
  try {
    for await (const { items, inputs } of chunks) yield predictItems(items, inputs && predictor.predict(inputs));
  } finally {
    predictor.dispose();
  }

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
