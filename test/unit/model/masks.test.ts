import { buildModel } from "../../../src/model/build-model";
import { layerSchema } from "../../../src/model/layer-config";
import { modelFromArtifacts, modelToArtifacts } from "../../../src/model/model-artifacts";
import { tf } from "../../../src/runtime/tf";
import { largestDifference, numbersOf } from "../../helpers/layer-model";
import { describeEachDevice } from "../../helpers/runtime";

type Layers = readonly Readonly<Record<string, unknown>>[];

function stack(
  layers: Layers,
  input: { shape: readonly (number | null)[]; dtype: "float32" | "int32" },
  maskValue?: number,
) {
  return buildModel({ layers: layers.map((layer) => layerSchema.parse(layer)), input, seed: 6, maskValue });
}

const tokens = { shape: [null], dtype: "int32" } as const;
const embedding = {
  type: "embedding",
  inputDim: 9,
  outputDim: 4,
  maskZero: true,
  embeddingsInitializer: "glorotNormal",
};

const predict = (model: tf.LayersModel, x: number[][] | number[][][], dtype: "int32" | "float32" = "int32") =>
  tf.tidy(() => numbersOf(model.predict(tf.tensor(x, undefined, dtype)) as tf.Tensor));

const stacks: Record<string, Layers> = {
  "stacked recurrent layers": [
    { type: "lstm", units: 3, returnSequences: true, bidirectional: true },
    { type: "dropout", rate: 0.5 },
    { type: "gru", units: 3, returnSequences: true },
    { type: "layerNormalization" },
    { type: "simpleRNN", units: 3 },
  ],
  "recurrent layers with steps that go backwards": [
    { type: "gru", units: 3, returnSequences: true, resetAfter: false },
    { type: "lstm", units: 3, goBackwards: true },
  ],
  "a mean over steps": [
    { type: "dense", units: 5, activation: "tanh" },
    { type: "batchNormalization" },
    { type: "globalAveragePooling1d" },
  ],
  "branches that are added": [
    { type: "dense", units: 4, name: "skip" },
    { type: "gru", units: 4, returnSequences: true, name: "read" },
    { type: "add", inputs: ["skip", "read"] },
    { type: "lstm", units: 3 },
  ],
  "attention after a recurrent layer": [
    { type: "lstm", units: 4, returnSequences: true },
    { type: "multiHeadAttention", heads: 2, keyDimension: 2 },
    { type: "globalAveragePooling1d" },
  ],
  "an encoder with a class token": [
    { type: "classToken", tokenInitializer: "glorotUniform" },
    { type: "positionalEncoding", kind: "learned", maxLength: 9 },
    { type: "encoderBlock", heads: 2, order: "post" },
    { type: "encoderBlock", heads: 1, normalization: "rms" },
    { type: "takeStep" },
  ],
  "a decoder's last step": [
    { type: "positionalEncoding", scaleInput: true },
    { type: "decoderBlock", heads: 2, rotary: true },
    { type: "rmsNormalization" },
    { type: "takeStep", step: "last" },
  ],
  "attention to a memory that is longer, by way of a layer of TensorFlow.js": [
    { type: "rmsNormalization", name: "query" },
    { type: "classToken", tokenInitializer: "glorotUniform" },
    { type: "dropout", rate: 0.5, name: "memory" },
    { type: "decoderBlock", heads: 2, inputs: ["query", "memory"] },
    { type: "multiHeadAttention", heads: 1, inputs: ["query", "decoderBlock_1"] },
    { type: "globalAveragePooling1d" },
  ],
};

describeEachDevice("masks of padding", () => {
  describe.each(Object.entries(stacks))("through %s", (_, layers) => {
    test.each(["end", "start"])("more padding at the %s changes nothing", (side) => {
      const model = stack([embedding, ...layers, { type: "dense", units: 2 }], tokens);
      const sequences = [
        [3, 8, 1],
        [2, 0, 7],
      ];
      const padded = sequences.map((ids) => (side === "end" ? [...ids, 0, 0, 0] : [0, 0, 0, ...ids]));
      expect(largestDifference(predict(model, padded), predict(model, sequences))).toBeLessThan(1e-6);
      model.dispose();
    });

    test("a model that is loaded masks as the one that was saved", async () => {
      const model = stack([embedding, ...layers, { type: "dense", units: 2 }], tokens);
      const loaded = await modelFromArtifacts(await modelToArtifacts(model));
      const ids = [
        [3, 8, 0, 0],
        [0, 0, 2, 7],
      ];
      expect(predict(loaded, ids)).toEqual(predict(model, ids));
      for (const each of [model, loaded]) each.dispose();
    });
  });

  test("padding counts behind a layer that loses the mask, as in Keras, and in plain TensorFlow.js, too", async () => {
    const layers = [
      { type: "conv1d", filters: 4, kernelSize: 3, padding: "same" },
      { type: "lstm", units: 3, returnSequences: true },
      { type: "globalAveragePooling1d" },
    ];
    const ids = [
      [3, 8, 1, 0],
      [0, 2, 0, 0],
    ];
    const masked = stack([embedding, ...layers], tokens);
    const unmasked = stack([{ ...embedding, maskZero: false }, ...layers], tokens);
    expect(predict(masked, ids)).toEqual(predict(unmasked, ids));
    expect(masked.layers.map((layer) => layer.getClassName())).toContain("DlctlUnmask");
    expect(unmasked.layers.map((layer) => layer.getClassName())).not.toContain("DlctlUnmask");
    const { modelTopology, weightSpecs, weightData } = await modelToArtifacts(masked);
    const plain = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
    expect(largestDifference(predict(plain, ids), predict(masked, ids))).toBeLessThan(1e-6);
    for (const each of [masked, unmasked, plain]) each.dispose();
  });

  test("a padded series is read to its end only", () => {
    const padding = -1e30;
    const input = { shape: [null, 2], dtype: "float32" } as const;
    const model = stack(
      [{ type: "lstm", units: 3, returnSequences: true }, { type: "globalAveragePooling1d" }],
      input,
      padding,
    );
    const short = [
      [
        [0.5, -1],
        [0, 2],
      ],
    ];
    const longer = [[...(short[0] as number[][]), [padding, padding], [padding, padding]]];
    expect(largestDifference(predict(model, longer, "float32"), predict(model, short, "float32"))).toBeLessThan(1e-6);
    model.dispose();
  });

  test("a mean over steps is that of the steps that count; nothing but padding gives 0", () => {
    const model = stack([{ type: "masking", maskValue: 0 }, { type: "globalAveragePooling1d" }], {
      shape: [null, 2],
      dtype: "float32",
    });
    const x = [
      [
        [1, 2],
        [0, 0],
        [3, 0],
      ],
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ];
    expect(predict(model, x, "float32")).toEqual([2, 1, 0, 0]);
    model.dispose();
  });

  test("batch normalization in training takes its statistics from the steps that count", () => {
    const layers = [{ type: "batchNormalization", momentum: 0 }, { type: "globalAveragePooling1d" }];
    const train = (ids: number[][]) => {
      const model = stack([embedding, ...layers], tokens);
      const outputs = tf.tidy(() =>
        numbersOf(model.apply(tf.tensor(ids, undefined, "int32"), { training: true }) as tf.Tensor),
      );
      const statistics = model.getWeights().slice(-2).flatMap(numbersOf);
      model.dispose();
      return [...outputs, ...statistics];
    };
    const short = train([
      [3, 8],
      [2, 7],
    ]);
    const longer = train([
      [3, 8, 0, 0],
      [0, 2, 0, 7],
    ]);
    expect(largestDifference(longer, short)).toBeLessThan(1e-6);
  });

  test("a mean over steps without masks is TensorFlow.js's own layer", () => {
    const model = stack([{ type: "globalAveragePooling1d" }], { shape: [4, 2], dtype: "float32" });
    expect(model.layers.at(-1)?.getClassName()).toBe("GlobalAveragePooling1D");
    model.dispose();
  });

  test("masking lets gradients through where it masks nothing", () => {
    const masking = stack([{ type: "masking", maskValue: 2 }], { shape: [2, 2], dtype: "float32" });
    const x = tf.tensor3d([
      [
        [2, 2],
        [2, 5],
      ],
    ]);
    const gradient = tf.grad((x) => tf.sum(tf.mul(masking.apply(x) as tf.Tensor, 3)))(x);
    expect(numbersOf(gradient)).toEqual([0, 0, 3, 3]);
    masking.dispose();
    tf.dispose([x, gradient]);
  });
});
