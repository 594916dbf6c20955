import { generateTokens } from "../../../src/generate/generate-tokens";
import { buildModel } from "../../../src/model/build-model";
import { createDecoder } from "../../../src/model/generation/create-decoder";
import type { IncrementalDecoder } from "../../../src/model/generation/incremental-decoder";
import { layerSchema } from "../../../src/model/layer-config";
import { tf } from "../../../src/runtime/tf";
import { startJsRuntime } from "../../helpers/runtime";

const vocabulary = 9;
const contextLength = 8;

let model: tf.LayersModel;
beforeAll(async () => {
  await startJsRuntime();
  model = buildModel({
    layers: [
      { type: "embedding", outputDim: 8, embeddingsInitializer: { type: "randomNormal", stddev: 1 } },
      { type: "positionalEncoding", kind: "learned" },
      { type: "decoderBlock", heads: 2, feedForward: 16 },
      { type: "dense", units: "classes", activation: "softmax" },
    ].map((layer) => layerSchema.parse(layer)),
    input: { shape: [contextLength], dtype: "int32" },
    classes: vocabulary,
    vocabulary,
    seed: 5,
  });
});
afterAll(() => model.dispose());

/** The likeliest next token of a whole run over `read`, padding and the unknown token left out. */
function likeliest(read: readonly number[]): number {
  return tf.tidy(() => {
    const padded = [...read, ...new Array<number>(contextLength - read.length).fill(0)];
    const outputs = model.predict(tf.tensor2d([padded], undefined, "int32")) as tf.Tensor;
    const next = (outputs.arraySync() as number[][][])[0]?.[read.length - 1] as number[];
    return next.indexOf(Math.max(...next.slice(2)), 2);
  });
}

const greedy = { temperature: 0 };

test("the tokens are those of whole runs, and of the newer half when the context is full", () => {
  const prompt = [2, 3, 4];
  const expected: number[] = [];
  let read = [...prompt];
  for (let index = 0; index < 20; index++) {
    const token = likeliest(read);
    expected.push(token);
    // A full context of 8 keeps its newer 4, among them the token that did not fit.
    read = read.length === contextLength ? [...read.slice(5), token] : [...read, token];
  }
  const found = [
    ...generateTokens({ decoder: createDecoder(model), prompt, maxTokens: 20, sampling: greedy, seed: 0 }),
  ];
  expect(found).toEqual(expected);
});

test("of a prompt that is longer than the context its end is read", () => {
  const long = Array.from({ length: 30 }, (_, index) => 2 + (index % 7));
  const run = (prompt: number[]) => [
    ...generateTokens({ decoder: createDecoder(model), prompt, maxTokens: 3, sampling: greedy, seed: 0 }),
  ];
  expect(run(long)).toEqual(run(long.slice(-contextLength)));
});

test("the same seed draws the same tokens, another one others; padding and the unknown token never come", () => {
  const run = (seed: number) => [
    ...generateTokens({
      decoder: createDecoder(model),
      prompt: [5],
      maxTokens: 60,
      sampling: { temperature: 3 },
      seed,
    }),
  ];
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
  expect(Math.min(...run(1), ...run(2))).toBeGreaterThanOrEqual(2);
});

test("stopping early leaves no tensor and a decoder that is reset", () => {
  const decoder: IncrementalDecoder = createDecoder(model);
  const before = tf.memory().numTensors;
  for (const _ of generateTokens({ decoder, prompt: [3], maxTokens: 50, sampling: greedy, seed: 0 })) {
    if (decoder.length > 3) break;
  }
  expect(decoder.length).toBe(0);
  expect(tf.memory().numTensors).toBe(before);
});
