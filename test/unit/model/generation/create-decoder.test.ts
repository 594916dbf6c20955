import { buildModel } from "../../../../src/model/build-model";
import { createDecoder } from "../../../../src/model/generation/create-decoder";
import { type LayerInput, layerSchema } from "../../../../src/model/layer-config";
import { tf } from "../../../../src/runtime/tf";
import { largestDifference, numbersOf } from "../../../helpers/layer-model";
import { describeEachDevice } from "../../../helpers/runtime";

const vocabulary = 7;
const time = 8;
const tokens = [3, 6, 1, 5, 2, 4, 4, 6];

function build(layers: readonly LayerInput[], last: LayerInput = { type: "dense", units: vocabulary }): tf.LayersModel {
  const all: LayerInput[] = [
    { type: "embedding", inputDim: vocabulary, outputDim: 6, maskZero: true },
    ...layers,
    last,
  ];
  return buildModel({
    layers: all.map((layer) => layerSchema.parse(layer)),
    input: { shape: [time], dtype: "int32" },
    seed: 8,
  });
}

/** Logits behind each token, from one run over all of them. */
function fullLogits(model: tf.LayersModel): number[][] {
  return tf.tidy(() => {
    const output = model.predict(tf.tensor2d([tokens], [1, time], "int32")) as tf.Tensor3D;
    const values = numbersOf(output);
    return tokens.map((_, step) => values.slice(step * vocabulary, (step + 1) * vocabulary));
  });
}

const generating: Readonly<Record<string, readonly LayerInput[]>> = {
  "decoder blocks": [
    { type: "positionalEncoding", kind: "learned" },
    { type: "decoderBlock", heads: 2 },
    { type: "dropout", rate: 0.5 },
    { type: "decoderBlock", heads: 3, order: "post", normalization: "rms", dropout: 0.3 },
    { type: "layerNormalization" },
  ],
  "rotary positions": [
    { type: "decoderBlock", heads: 1, rotary: true },
    { type: "decoderBlock", heads: 3, rotary: true },
    { type: "rmsNormalization" },
  ],
  "causal attention, added": [
    { type: "positionalEncoding", scaleInput: true, name: "start" },
    { type: "multiHeadAttention", heads: 2, causal: true, valueDimension: 5, name: "attended" },
    { type: "add", inputs: ["start", "attended"] },
  ],
  "recurrent layers": [
    { type: "lstm", units: 5, returnSequences: true },
    { type: "gru", units: 4, returnSequences: true },
    { type: "gru", units: 4, returnSequences: true, resetAfter: false },
    { type: "simpleRNN", units: 3, returnSequences: true },
  ],
};

describeEachDevice("incremental decoding", () => {
  test.each(Object.entries(generating))("%s: token by token as all at once", (_, layers) => {
    const model = build(layers);
    const expected = fullLogits(model);
    const before = tf.memory().numTensors;
    const decoder = createDecoder(model);
    expect(decoder.whyNotCached).toBeUndefined();
    expect(decoder.contextLength).toBe(time);
    // Once from one token on, and then, to see that all is forgotten, from three.
    for (const start of [1, 3]) {
      const logits = [
        decoder.prime(tokens.slice(0, start)),
        ...tokens.slice(start).map((token) => decoder.next(token)),
      ];
      logits.forEach((values, index) => {
        expect(largestDifference(Array.from(values), expected[start - 1 + index] as number[])).toBeLessThan(1e-5);
      });
      expect(decoder.length).toBe(time);
      expect(() => decoder.next(1)).toThrow("the context holds 8 tokens; these are 9");
    }
    decoder.reset();
    expect(decoder.length).toBe(0);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test("a softmax at the end is left out, and put back", () => {
    const layers = generating["decoder blocks"] as LayerInput[];
    const expected = fullLogits(build(layers));
    const endings: LayerInput[][] = [
      [{ type: "dense", units: vocabulary, activation: "softmax" }],
      [{ type: "dense", units: vocabulary }, { type: "softmax" }],
      [
        { type: "dense", units: vocabulary },
        { type: "activation", activation: "softmax" },
      ],
    ];
    for (const ending of endings) {
      const model = build([...layers, ...ending.slice(0, -1)], ending.at(-1));
      const before = fullLogits(model);
      const logits = Array.from(createDecoder(model).prime(tokens));
      expect(largestDifference(logits, expected.at(-1) as number[])).toBeLessThan(1e-5);
      expect(fullLogits(model)).toEqual(before);
      expect(before.at(-1)?.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    }
  });

  test.each<[string, string, readonly LayerInput[]]>([
    [
      "a convolution",
      "conv1d_1 needs all steps at once",
      [{ type: "conv1d", filters: 4, kernelSize: 3, padding: "same" }],
    ],
    [
      "a second input",
      "decoderBlock_1 attends to a second input",
      [
        { type: "rmsNormalization", name: "a" },
        { type: "decoderBlock", heads: 2, inputs: ["a", "a"] },
      ],
    ],
  ])("%s: all tokens are run again", (_title, reason, layers) => {
    const model = build(layers);
    const decoder = createDecoder(model);
    expect(decoder.whyNotCached).toBe(reason);
    const all = Array.from(decoder.prime(tokens.slice(0, -1)));
    // The second input sees later steps, if they are not padding.
    const input = tf.tensor2d([[...tokens.slice(0, -1), 0]], [1, time], "int32");
    const output = numbersOf(model.predict(input) as tf.Tensor);
    expect(largestDifference(all, output.slice((time - 2) * vocabulary, (time - 1) * vocabulary))).toBeLessThan(1e-5);
    const last = Array.from(decoder.next(tokens.at(-1) as number));
    expect(largestDifference(last, fullLogits(model).at(-1) as number[])).toBeLessThan(1e-5);
  });

  test("what can't be read is said", () => {
    const decoder = createDecoder(build([{ type: "decoderBlock", heads: 2 }]));
    expect(() => decoder.prime([])).toThrow("there is no token to begin with");
    expect(() => decoder.prime([...tokens, 1])).toThrow("the context holds 8 tokens; these are 9");
    expect(createDecoder(build([{ type: "gru", units: 3 }])).whyNotCached).toBe("the model's output has no steps");
    expect(
      createDecoder(build([{ type: "gru", units: 3, returnSequences: true, goBackwards: true }])).whyNotCached,
    ).toBe("gru_1 goes backwards");
  });
});
