import { buildModel } from "../../../src/model/build-model";
import { type LayerInput, layerSchema } from "../../../src/model/layer-config";
import { tf } from "../../../src/runtime/tf";
import { ConfigError } from "../../../src/shared/errors";
import { numbersOf } from "../../helpers/layer-model";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(() => startJsRuntime());

const image = { shape: [8, 8, 1], dtype: "float32" } as const;

function build(layers: LayerInput[], request: Partial<Parameters<typeof buildModel>[0]> = {}) {
  return buildModel({ layers: layers.map((layer) => layerSchema.parse(layer)), input: image, seed: 1, ...request });
}

/** The problems of layers that can't be built, as `path: message`; none of their tensors may be left. */
function problemsOf(layers: LayerInput[], request: Partial<Parameters<typeof buildModel>[0]> = {}) {
  const before = tf.memory().numTensors;
  try {
    build(layers, request);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(tf.memory().numTensors).toBe(before);
    return error.problems;
  }
  throw new Error("it can be built");
}

const said = (...given: Parameters<typeof problemsOf>) =>
  problemsOf(...given).map(({ path, message }) => `${path}: ${message}`);

const flat: LayerInput[] = [{ type: "flatten" }, { type: "dense", units: 2 }];

describe("a stack", () => {
  test("is read from top to bottom, its last layer is the output", () => {
    const model = build([{ type: "conv2d", filters: 3, kernelSize: 3 }, { type: "maxPooling2d" }, ...flat]);
    expect(model.layers.map(({ name }) => name)).toEqual([
      "input",
      "conv2d_1",
      "maxPooling2d_1",
      "flatten_1",
      "dense_1",
    ]);
    expect(model.outputShape).toEqual([null, 2]);
    model.dispose();
  });

  test('"classes" is the number of classes', () => {
    const model = build([{ type: "flatten" }, { type: "dense", units: "classes" }], { classes: 5 });
    expect(model.outputShape).toEqual([null, 5]);
    model.dispose();
    expect(said([{ type: "flatten" }, { type: "dense", units: "classes" }])).toEqual([
      'model.layers[1]: "units": "classes" needs a classification task; this data has no classes; it gets [batch, 64] from layers[0] (flatten)',
    ]);
  });

  test("its names make way for given ones", () => {
    const model = build([
      { type: "dense", units: 1 },
      { type: "dense", units: 1, name: "dense_1" },
      { type: "dense", units: 1 },
    ]);
    expect(model.layers.map(({ name }) => name)).toEqual(["input", "dense_2", "dense_1", "dense_3"]);
    model.dispose();
  });

  test("its weights have the same names each time it is built, and depend on seed and layer", () => {
    const layers: LayerInput[] = [{ type: "flatten" }, { type: "dense", units: 4 }, { type: "dense", units: 4 }];
    const input = { shape: [2, 2], dtype: "float32" } as const;
    const models = [build(layers, { input }), build(layers, { input }), build(layers, { input, seed: 2 })];
    const names = models.map((model) => model.weights.map(({ originalName }) => originalName));
    expect(names[0]).toEqual(["dense_1/kernel", "dense_1/bias", "dense_2/kernel", "dense_2/bias"]);
    expect(names[1]).toEqual(names[0]);
    const [first, again, other] = models.map((model) => model.getWeights().map(numbersOf));
    expect(again).toEqual(first);
    expect(other?.[0]).not.toEqual(first?.[0]);
    expect(first?.[2]).not.toEqual(first?.[0]);
    for (const model of models) model.dispose();
  });

  test("its weights can stay 0", () => {
    const model = build(flat, { initialize: false });
    expect(
      model
        .getWeights()
        .flatMap(numbersOf)
        .every((weight) => weight === 0),
    ).toBe(true);
    model.dispose();
  });

  test("a layer can be kept as it is", () => {
    const model = build([
      { type: "flatten" },
      { type: "dense", units: 3, trainable: false },
      { type: "dense", units: 2 },
    ]);
    expect(model.trainableWeights.map(({ originalName }) => originalName)).toEqual(["dense_2/kernel", "dense_2/bias"]);
    model.dispose();
  });
});

describe("layers with inputs", () => {
  test("make a residual net", () => {
    const model = build([
      { type: "conv2d", filters: 4, kernelSize: 3, padding: "same", name: "stem" },
      { type: "conv2d", filters: 4, kernelSize: 3, padding: "same", kernelInitializer: "zeros", name: "branch" },
      { type: "add", inputs: ["stem", "branch"] },
    ]);
    const stem = tf.model({ inputs: model.inputs, outputs: model.getLayer("stem").output as tf.SymbolicTensor });
    const x = tf.ones([1, 8, 8, 1]);
    const run = (part: tf.LayersModel) => tf.tidy(() => numbersOf(part.predict(x) as tf.Tensor));
    expect(run(model)).toEqual(run(stem));
    model.dispose();
    x.dispose();
  });

  test('may take the model\'s input by the name "input"', () => {
    const model = build([
      { type: "conv2d", filters: 1, kernelSize: 3, padding: "same", name: "changed" },
      { type: "concatenate", inputs: ["input", "changed"] },
    ]);
    expect(model.outputShape).toEqual([null, 8, 8, 2]);
    model.dispose();
  });

  test.each<[string, LayerInput[], string]>([
    [
      "an unknown name",
      [
        { type: "flatten", name: "flat" },
        { type: "dense", units: 1, inputs: ["flot"] },
      ],
      'model.layers[1].inputs[0]: there is no layer "flot"; nearest: flat',
    ],
    [
      "a layer below",
      [
        { type: "flatten", inputs: ["later"] },
        { type: "dense", units: 1, name: "later" },
      ],
      'model.layers[0].inputs[0]: "later" is layers[1], below this one',
    ],
    [
      "itself",
      [{ type: "flatten" }, { type: "dense", units: 1, name: "self", inputs: ["self"] }],
      'model.layers[1].inputs[0]: "self" is this layer itself',
    ],
    [
      "no inputs where layers join",
      [{ type: "flatten" }, { type: "add" }],
      "model.layers[1]: add joins layers and needs",
    ],
    [
      "one input where layers join",
      [{ type: "flatten" }, { type: "add", inputs: ["input"] }],
      "model.layers[1].inputs: add takes two or more inputs, these are 1",
    ],
    [
      "two inputs of a layer for one",
      [{ type: "flatten" }, { type: "dense", units: 1, inputs: ["input", "flatten_1"] }],
      "model.layers[1].inputs: dense takes one input, these are 2",
    ],
    [
      "a name twice",
      [
        { type: "flatten", name: "a" },
        { type: "dense", units: 1, name: "a" },
      ],
      'model.layers[1].name: "a" is the name of layers[0] already',
    ],
    [
      "a branch that leads nowhere",
      [
        { type: "flatten", name: "a" },
        { type: "dense", units: 1 },
        { type: "dense", units: 1, inputs: ["a"] },
      ],
      'model.layers[1]: nothing takes the output of dense "dense_1"',
    ],
  ])("%s is an error", (_what, layers, message) => {
    expect(said(layers)).toEqual([expect.stringContaining(message)]);
  });
});

describe("shapes that don't fit", () => {
  test("are reported with both shapes and where the input comes from", () => {
    const [problem] = problemsOf([
      { type: "conv2d", filters: 2, kernelSize: 3 },
      { type: "flatten" },
      { type: "conv2d", filters: 2, kernelSize: 3 },
    ]);
    expect(problem?.path).toBe("model.layers[2]");
    expect(problem?.message).toBe(
      "conv2d needs a 4-D input [batch, height, width, channels]; it gets [batch, 72] from layers[1] (flatten)",
    );
    expect(problem?.hint).toBe("Put flatten after the last conv2d.");
  });

  test.each<[LayerInput, string]>([
    [{ type: "conv2d", filters: 1, kernelSize: 9 }, "a window of 9 x 9 does not fit into an input of 8 x 8"],
    [{ type: "conv2d", filters: 1, kernelSize: 3, dilationRate: 4 }, "a window of 9 x 9 does not fit"],
    [{ type: "conv2d", filters: 1, kernelSize: 3, dilationRate: 2, strides: 2 }, "strides and dilationRate can't both"],
    [{ type: "maxPooling2d", poolSize: 10 }, "a window of 10 x 10 does not fit"],
    [{ type: "cropping2D", cropping: 4 }, "cutting off 8 x 8 pixels leaves nothing of 8 x 8"],
    [{ type: "reshape", targetShape: [5, -1] }, "[batch, 8, 8, 1] (64 numbers) can't become [batch, 5, -1]"],
    [{ type: "reshape", targetShape: [-1, -1] }, "one -1 only"],
    [{ type: "permute", dims: [2, 1] }, "dims orders 2 axes, the input has 3"],
    [{ type: "repeatVector", n: 2 }, "repeatVector needs a 2-D input [batch, features]"],
    [{ type: "conv1d", filters: 1, kernelSize: 2 }, "conv1d needs a 3-D input [batch, steps, channels]"],
    [{ type: "softmax", axis: 1 }, "not the last axis"],
    [{ type: "batchNormalization", axis: 1 }, "not the last axis"],
    [{ type: "layerNormalization", axis: 4 }, "axis 4 is not one of [batch, 8, 8, 1]"],
    [{ type: "layerNormalization", axis: 0 }, "is the batch's"],
    [{ type: "layerNormalization", axis: [3, -1] }, "names one axis twice"],
    [{ type: "dropout", rate: 0.5, noiseShape: [null, 1] }, "an entry for each of the input's 4 axes"],
    [{ type: "prelu", sharedAxes: [4] }, "sharedAxes names axis 4"],
    [{ type: "conv2d", filters: 2, kernelSize: 3, kernelInitializer: "identity" }, "needs weights of two axes"],
    [{ type: "dense", units: 4_000_000_000 }, "more than fit into a tensor"],
  ])("%j", (layer, message) => {
    expect(said([layer])).toEqual([expect.stringContaining(message)]);
  });

  test("merging layers say both", () => {
    const two = (layer: LayerInput) =>
      said([
        { type: "conv2d", filters: 2, kernelSize: 2, name: "a" },
        { ...layer, inputs: ["input", "a"] } as LayerInput,
      ]);
    expect(two({ type: "add" })).toEqual([
      "model.layers[1]: inputs need equal sizes, or 1, on each axis; they are [batch, 8, 8, 1] and [batch, 7, 7, 2]; it gets [batch, 8, 8, 1] from the input and [batch, 7, 7, 2] from layers[0] (conv2d)",
    ]);
    expect(two({ type: "concatenate" })[0]).toContain("inputs need equal sizes on all axes but -1");
    expect(two({ type: "dot", axes: 1 })[0]).toContain("dot needs a 2-, 3-D input");
  });

  test("all at once, but not what follows from a wrong layer", () => {
    expect(
      said([
        { type: "conv2d", filters: 1, kernelSize: 9 },
        { type: "dense", units: 1, name: "lost" },
        { type: "permute", dims: [1, 2], inputs: ["input"] },
        { type: "add", inputs: ["lost", "gone"] },
      ]).map((problem) => problem.split(": ")[0]),
    ).toEqual(["model.layers[3].inputs[1]", "model.layers[0]", "model.layers[2]"]);
  });

  test("an input without axes can't be computed with", () => {
    expect(said([{ type: "dense", units: 1 }], { input: { shape: [], dtype: "float32" } })[0]).toContain(
      "an axis beside",
    );
  });
});
