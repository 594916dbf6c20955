import { normalizationStage } from "../../../src/data/preprocess/normalization";
import { type ExplainRequest, explain } from "../../../src/explain/explain";
import type { ExplainMethod } from "../../../src/explain/explanation";
import { buildModel } from "../../../src/model/build-model";
import { layerSchema } from "../../../src/model/layer-config";
import { tf } from "../../../src/runtime/tf";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(() => startJsRuntime());

type Record = ExplainRequest["preprocessing"]["record"];
/** Of a preprocessing, what `explain` looks at: the kind, and the stage on the device. */
const preprocessingOf = (kind: Record["kind"], scale = 1): ExplainRequest["preprocessing"] => ({
  record: { kind } as Record,
  deviceStage: normalizationStage([{ scale: [scale], mean: [0], std: [1] }]),
});

function stack(layers: object[], shape: number[], seed = 3, dtype: "float32" | "int32" = "float32"): tf.LayersModel {
  return buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape, dtype },
    classes: 2,
    vocabulary: 12,
    seed,
  });
}

const convolutions = [
  { type: "conv2d", filters: 4, kernelSize: 3, activation: "relu" },
  { type: "conv2d", filters: 5, kernelSize: 3, activation: "relu", name: "last" },
  { type: "flatten" },
  { type: "dense", units: "classes", activation: "softmax" },
];
const words = [
  { type: "embedding", outputDim: 5, maskZero: true },
  { type: "gru", units: 6 },
  { type: "dense", units: "classes", activation: "softmax" },
];
const patches = [
  { type: "patchEmbedding", size: 4, units: 8 },
  { type: "classToken" },
  { type: "positionalEncoding", kind: "learned" },
  { type: "encoderBlock", heads: 2, feedForward: 8 },
  { type: "encoderBlock", heads: 2, feedForward: 8 },
  { type: "takeStep" },
  { type: "dense", units: "classes", activation: "softmax" },
];

const image = {
  data: Uint8Array.from({ length: 12 * 12 }, (_, index) => (index * index * 31 + 7) % 256),
  shape: [1, 12, 12, 1],
};
const text = { data: Int32Array.of(3, 7, 4, 9, 11, 0, 0), shape: [1, 7] };
const labels = { labels: ["a", "b"], targets: null };

const ofImage = (model: tf.LayersModel, method: ExplainMethod, more: Partial<ExplainRequest> = {}) =>
  explain({ model, preprocessing: preprocessingOf("image", 255), description: labels, input: image, method, ...more });
const ofText = (model: tf.LayersModel, method: ExplainMethod, more: Partial<ExplainRequest> = {}) =>
  explain({ model, preprocessing: preprocessingOf("text"), description: labels, input: text, method, ...more });

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe("integrated gradients", () => {
  test("of a linear model are weight times distance, to float32's rounding", () => {
    const model = stack([{ type: "dense", units: 1, useBias: true }], [3]);
    model.layers[1]?.setWeights([tf.tensor2d([2, -3, 0.5], [3, 1]), tf.tensor1d([7])]);
    const { map, score, completeness } = explain({
      model,
      preprocessing: preprocessingOf("vector"),
      description: { labels: null, targets: ["price"] },
      input: { data: Float32Array.of(1, 2, 4), shape: [1, 3] },
    });
    expect(Array.from(map.values, (value) => Math.round(1e4 * value) / 1e4)).toEqual([2, -6, 2]);
    expect(score).toBeCloseTo(5, 4);
    expect(completeness?.difference).toBeCloseTo(-2, 4);
    expect(completeness?.steps).toBe(32);
  });

  test.each<[string, object[], typeof ofImage, number[], "float32" | "int32"]>([
    ["an image and convolutions", convolutions, ofImage, [12, 12, 1], "float32"],
    ["an image and a Transformer", patches, ofImage, [12, 12, 1], "float32"],
    ["a text with padding and a GRU", words, ofText, [7], "int32"],
  ])("are complete within 1 %% for %s", (_, layers, of, shape, dtype) => {
    const model = stack(layers, shape, 3, dtype);
    const { map, completeness } = of(model, "integrated-gradients");
    const { difference } = completeness as NonNullable<typeof completeness>;
    expect(Math.abs(difference)).toBeGreaterThan(1e-4);
    expect(Math.abs(sum(map.values) - difference)).toBeLessThanOrEqual(0.0101 * Math.abs(difference));
  });

  test("padding has no part in it", () => {
    const { map } = ofText(stack(words, [7], 3, "int32"), "integrated-gradients");
    expect(map.shape).toEqual([7]);
    expect(Array.from(map.values.slice(5))).toEqual([0, 0]);
    expect(map.values[0]).not.toBe(0);
  });
});

describe("saliency", () => {
  test("is the gradient, as finite differences have it", () => {
    // Smooth, so that differences do not cross a bend.
    const model = stack(
      [{ type: "flatten" }, { type: "dense", units: 5, activation: "tanh" }, { type: "dense", units: 1 }],
      [2, 3, 1],
    );
    const at = (data: Float32Array) =>
      tf.tidy(() => (model.predict(tf.tensor(data, [1, 2, 3, 1])) as tf.Tensor).dataSync()[0] as number);
    const values = Float32Array.of(0.3, -0.2, 0.5, 0.1, -0.4, 0.2);
    const { map } = explain({
      model,
      preprocessing: preprocessingOf("image"),
      description: { labels: null, targets: ["y"] },
      input: { data: values, shape: [1, 2, 3, 1] },
      method: "saliency",
    });
    const h = 0.01;
    for (const [place, found] of map.values.entries()) {
      const [up, down] = [values.slice(), values.slice()];
      up[place] = (up[place] as number) + h;
      down[place] = (down[place] as number) - h;
      expect(found).toBeCloseTo(Math.abs(at(up) - at(down)) / (2 * h), 3);
    }
  });
});

describe("Grad-CAM", () => {
  test("is what the definition gives by hand", () => {
    const model = stack(
      [
        { type: "conv2d", filters: 2, kernelSize: 1, useBias: false, name: "channels" },
        { type: "globalAveragePooling2d" },
        { type: "dense", units: 1, useBias: false },
      ],
      [2, 2, 1],
    );
    // Channel 1 is the image, channel 2 its negative; the score is 3 * mean(1) - 1 * mean(2).
    model.getLayer("channels").setWeights([tf.tensor4d([1, -1], [1, 1, 1, 2])]);
    model.layers.at(-1)?.setWeights([tf.tensor2d([3, -1], [2, 1])]);
    const { map, layer } = explain({
      model,
      preprocessing: preprocessingOf("image"),
      description: { labels: null, targets: ["y"] },
      input: { data: Float32Array.of(1, -2, 0.5, 4), shape: [1, 2, 2, 1] },
      method: "grad-cam",
    });
    // Gradients: 3/4 at each place of channel 1, -1/4 of channel 2. Map: relu(3/4 x + 1/4 x).
    expect(Array.from(map.values)).toEqual([1, 0, 0.5, 4]);
    expect(map.shape).toEqual([2, 2]);
    expect(layer).toBe("channels");
  });

  test("takes the last convolution, or the layer that is named", () => {
    const model = stack(convolutions, [12, 12, 1]);
    expect(ofImage(model, "grad-cam")).toMatchObject({ layer: "last", map: { shape: [8, 8] } });
    expect(ofImage(model, "grad-cam", { layer: "conv2d_1" })).toMatchObject({ map: { shape: [10, 10] } });
    expect(() => ofImage(model, "grad-cam", { layer: "lst" })).toThrow(/no layer "lst"/);
    expect(() => ofImage(model, "grad-cam", { layer: "flatten_1" })).toThrow(/no places/);
  });
});

describe("a model whose answer is known", () => {
  /** Tells a bright square in the upper left corner from darkness: each place is seen by one unit of a convolution. */
  function cornerModel(): tf.LayersModel {
    const model = stack(
      [
        { type: "conv2d", filters: 1, kernelSize: 3, padding: "same", activation: "relu" },
        { type: "flatten" },
        { type: "dense", units: 1, activation: "sigmoid" },
      ],
      [12, 12, 1],
    );
    model.layers[1]?.setWeights([tf.ones([3, 3, 1, 1]).div(9), tf.zeros([1])]);
    const weights = Float32Array.from({ length: 144 }, (_, place) => (place % 12 < 4 && place < 48 ? 1 : 0));
    model.layers.at(-1)?.setWeights([tf.tensor(weights, [144, 1]), tf.tensor1d([-2])]);
    return model;
  }
  /** Two bright squares, of which the model looks at one. */
  const squares = {
    data: Uint8Array.from({ length: 144 }, (_, place) => {
      const [row, column] = [Math.floor(place / 12), place % 12];
      return (row < 4 && column < 4) || (row > 7 && column > 7) ? 255 : 10;
    }),
    shape: [1, 12, 12, 1],
  };

  test.each<ExplainMethod>(["integrated-gradients", "saliency", "occlusion"])("%s points at it", (method) => {
    const { map, output, value } = ofImage(cornerModel(), method, { input: squares });
    expect(output).toMatchObject({ name: "b", index: 0, sign: 1 });
    expect(value).toBeGreaterThan(0.9);
    const corner = map.values.filter((_, place) => place % 12 < 5 && place < 60);
    expect(sum(corner.map(Math.abs)) / sum(map.values.map(Math.abs))).toBeGreaterThan(0.9);
  });

  test("what speaks for one of two classes speaks against the other", () => {
    const model = cornerModel();
    const [first, second] = ["a", "b"].map((output) =>
      ofImage(model, "integrated-gradients", { input: squares, output }),
    );
    expect(first?.output).toMatchObject({ name: "a", index: 0, sign: -1 });
    expect(first?.score).toBeCloseTo(-(second?.score as number), 5);
    expect(first?.map.values[13]).toBeCloseTo(-(second?.map.values[13] as number), 5);
    expect(first?.value).toBeCloseTo(1 - (second?.value as number), 5);
  });

  test("occlusion of a word that the answer hangs on", () => {
    const model = stack(
      [{ type: "embedding", outputDim: 1 }, { type: "globalMaxPooling1d" }, { type: "dense", units: 1 }],
      [7],
      3,
      "int32",
    );
    const table = Float32Array.from({ length: 12 }, (_, id) => (id === 9 ? 5 : 0));
    model.layers[1]?.setWeights([tf.tensor(table, [12, 1])]);
    model.layers.at(-1)?.setWeights([tf.ones([1, 1]), tf.zeros([1])]);
    const { map } = ofText(model, "occlusion", { description: { labels: null, targets: ["y"] } });
    // Without the only token of 5, the largest is 0.
    expect(Array.from(map.values)).toEqual([0, 0, 0, 5, 0, 0, 0]);
  });
});

describe("random weights change the map", () => {
  const correlation = (a: Float32Array, b: Float32Array) => {
    const center = (values: Float32Array) => values.map((value) => value - sum(values) / values.length);
    const [x, y] = [center(a), center(b)];
    const dot = (left: Float32Array, right: Float32Array) =>
      sum(left.map((value, index) => value * (right[index] as number)));
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  };
  test.each<[ExplainMethod, object[]]>([
    ["grad-cam", convolutions],
    ["integrated-gradients", convolutions],
    ["saliency", convolutions],
    ["occlusion", convolutions],
    ["attention", patches],
  ])("%s", (method, layers) => {
    // Of both classes: one of them may have nothing that speaks for it.
    const mapsOf = (seed: number) => {
      const model = stack(layers, [12, 12, 1], seed);
      return Float32Array.from(["a", "b"].flatMap((output) => [...ofImage(model, method, { output }).map.values]));
    };
    // Nothing at all speaks for either in one of these models, after Grad-CAM's relu.
    const [one, other] = [3, 4, 5, 6, 7].map(mapsOf).filter((map) => map.some((value) => value !== 0)) as [
      Float32Array,
      Float32Array,
    ];
    expect(Math.abs(correlation(one, other))).toBeLessThan(0.8);
    expect(correlation(one, one)).toBeCloseTo(1, 5);
  });
});

describe("explain", () => {
  test("takes Grad-CAM for convolutions, and integrated gradients for all else", () => {
    const method = undefined as unknown as ExplainMethod;
    expect(ofImage(stack(convolutions, [12, 12, 1]), method).method).toBe("grad-cam");
    expect(ofImage(stack(patches, [12, 12, 1]), method).method).toBe("integrated-gradients");
    expect(ofText(stack(words, [7], 3, "int32"), method).method).toBe("integrated-gradients");
  });

  test("attention of an image is laid out as its patches are, without the class token", () => {
    const { map, attention, patches: grid } = ofImage(stack(patches, [12, 12, 1]), "attention");
    expect(grid).toEqual({ rows: 3, columns: 3, added: 1 });
    expect(map.shape).toEqual([3, 3]);
    expect(attention?.map(({ heads }) => heads.length)).toEqual([2, 2]);
    for (const { heads } of attention ?? []) for (const head of heads) expect(sum(head)).toBeCloseTo(1, 5);
  });

  test("leaves no tensor and the model as it was", () => {
    const model = stack(patches, [12, 12, 1]);
    ofImage(model, "attention");
    const before = tf.memory().numTensors;
    const own = model.layers.map((layer) => Object.hasOwn(layer, "call"));
    for (const method of ["integrated-gradients", "saliency", "occlusion", "attention"] as const)
      ofImage(model, method);
    ofImage(model, "grad-cam", { layer: "encoderBlock_1" });
    expect(tf.memory().numTensors).toBe(before);
    expect(model.layers.map((layer) => Object.hasOwn(layer, "call"))).toEqual(own);
    const texts = stack(words, [7], 3, "int32");
    const beforeTexts = tf.memory().numTensors;
    for (const method of ["integrated-gradients", "saliency", "occlusion"] as const) ofText(texts, method);
    expect(tf.memory().numTensors).toBe(beforeTexts);
  });

  test("says what can't be done", () => {
    const model = stack(convolutions, [12, 12, 1]);
    expect(() => ofImage(model, "attention")).toThrow(/no attention/);
    expect(() => ofImage(model, "saliency", { layer: "last" })).toThrow(/--layer is for grad-cam/);
    expect(() => ofImage(model, "saliency", { output: "c" })).toThrow(/no class "c"/);
    expect(() => ofText(stack(words, [7], 3, "int32"), "grad-cam")).toThrow(/needs a convolution/);
  });
});
