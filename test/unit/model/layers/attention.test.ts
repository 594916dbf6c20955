import { buildModel } from "../../../../src/model/build-model";
import { type LayerInput, layerSchema } from "../../../../src/model/layer-config";
import { setRandomStep } from "../../../../src/model/random-step";
import { tf } from "../../../../src/runtime/tf";
import { largestDifference, numbersOf } from "../../../helpers/layer-model";
import { describeEachDevice, startJsRuntime } from "../../../helpers/runtime";

function build(layers: readonly LayerInput[], shape: number[]): tf.LayersModel {
  return buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape, dtype: "float32" },
    seed: 4,
  });
}

const identity = (shape: number[]) => tf.reshape(tf.eye(2), shape);

const outputOf = (model: tf.LayersModel, x: tf.Tensor, training = false) =>
  tf.tidy(() => numbersOf(model.apply(x, { training }) as tf.Tensor));

describeEachDevice("attention by hand", () => {
  test.each([
    [false, [0.66976, 0.33024, 0.33024, 0.66976]],
    // The first step sees itself only.
    [true, [1, 0, 0.33024, 0.66976]],
  ])("of two steps of two numbers with kernels of identity, causal: %s", (causal, expected) => {
    const model = build([{ type: "multiHeadAttention", heads: 1, useBias: false, causal }], [2, 2]);
    model.setWeights([identity([2, 1, 2]), identity([2, 1, 2]), identity([2, 1, 2]), identity([1, 2, 2])]);
    // Scores 1/sqrt(2) of a step with itself and 0 with the other: e^0.70711 / (e^0.70711 + 1) = 0.66976.
    const output = outputOf(model, tf.tensor3d([1, 0, 0, 1], [1, 2, 2]));
    expect(largestDifference(output, expected)).toBeLessThan(1e-5);
    model.dispose();
  });

  test("a rotary position turns each pair of numbers: only distances count", () => {
    const layers: LayerInput[] = [{ type: "multiHeadAttention", heads: 1, useBias: false, rotary: true }];
    const model = build(layers, [2, 2]);
    model.setWeights([identity([2, 1, 2]), identity([2, 1, 2]), identity([2, 1, 2]), identity([1, 2, 2])]);
    const [x, y] = [tf.tensor3d([1, 0, 1, 0], [1, 2, 2]), tf.tensor3d([1, 0, 0, 1], [1, 2, 2])];
    // Two equal steps, one turned by 1 radian: scores 1/sqrt(2) and cos(1)/sqrt(2); values are not turned.
    expect(largestDifference(outputOf(model, x), [1, 0, 1, 0])).toBeLessThan(1e-6);
    // [0, 1] at position 1 is [-sin 1, cos 1] there: its score with [1, 0] at position 0 is -sin(1)/sqrt(2).
    const [own, other] = [Math.exp(1 / Math.SQRT2), Math.exp(-Math.sin(1) / Math.SQRT2)];
    const share = own / (own + other);
    expect(largestDifference(outputOf(model, y), [share, 1 - share, 1 - share, share])).toBeLessThan(1e-6);
    model.dispose();
  });
});

describe("Transformer layers", () => {
  beforeAll(() => startJsRuntime());

  test("sinusoids are those of the paper", () => {
    const model = build([{ type: "positionalEncoding" }], [2, 4]);
    const expected = [0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)];
    expect(largestDifference(outputOf(model, tf.zeros([1, 2, 4])), expected)).toBeLessThan(1e-6);
  });

  test("a patch embedding is a convolution whose window moves by its size", () => {
    const model = build([{ type: "patchEmbedding", size: [2, 3], units: 5, biasInitializer: "ones" }], [4, 6, 2]);
    const x = tf.randomUniform([2, 4, 6, 2], -1, 1, "float32", 1) as tf.Tensor4D;
    const [kernel, bias] = model.getWeights() as [tf.Tensor4D, tf.Tensor1D];
    const expected = numbersOf(tf.add(tf.conv2d(x, kernel, [2, 3], "valid"), bias));
    expect(largestDifference(outputOf(model, x), expected)).toBeLessThan(1e-5);
  });

  test("RMS normalization by hand", () => {
    const model = build([{ type: "rmsNormalization" }], [2]);
    const root = Math.sqrt(12.5);
    expect(largestDifference(outputOf(model, tf.tensor2d([[3, 4]])), [3 / root, 4 / root])).toBeLessThan(1e-6);
  });

  test("a class token comes first and is taken out again", () => {
    const model = build([{ type: "classToken", tokenInitializer: "ones" }, { type: "takeStep" }], [3, 2]);
    expect(outputOf(model, tf.zeros([2, 3, 2]))).toEqual([1, 1, 1, 1]);
  });

  test("dropout differs between steps, repeats for the same step, and is left out otherwise", () => {
    const model = build([{ type: "encoderBlock", heads: 2, dropout: 0.5 }], [4, 4]);
    const x = tf.randomUniform([2, 4, 4], -1, 1, "float32", 2);
    const draw = (step: number) => {
      setRandomStep(step);
      return outputOf(model, x, true);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(outputOf(model, x)).not.toEqual(draw(1));
  });

  test("each kernel starts from a seed of its own, with the deviation of its initializer", () => {
    const kernelInitializer = { type: "randomNormal", stddev: 0.02 } as const;
    const model = build([{ type: "encoderBlock", heads: 2, kernelInitializer }], [3, 64]);
    const kernels = model.layers[1]?.weights.filter(({ originalName }) => originalName.endsWith("kernel")) ?? [];
    expect(kernels).toHaveLength(6);
    const values = kernels.map((kernel) => numbersOf(kernel.read()));
    expect(new Set(values.map(([first]) => first)).size).toBe(6);
    for (const kernel of values) {
      const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
      expect(Math.sqrt(variance)).toBeCloseTo(0.02, 3);
    }
  });

  test.each<[string, readonly LayerInput[], number[]]>([
    [
      "3 heads do not divide the input's width 4: choose another number, or state keyDimension",
      [{ type: "encoderBlock", heads: 3 }],
      [2, 4],
    ],
    [
      "rotary positions need an even keyDimension; it is 3",
      [{ type: "decoderBlock", heads: 1, keyDimension: 3, rotary: true }],
      [2, 4],
    ],
    ["multiHeadAttention needs a 3-D input", [{ type: "multiHeadAttention", heads: 1 }], [4]],
    [
      "multiHeadAttention takes one or two inputs, these are 3",
      [{ type: "multiHeadAttention", heads: 1, inputs: ["input", "input", "input"] }],
      [2, 4],
    ],
    [
      "causal goes with attention of one input to itself; these are two inputs",
      [{ type: "multiHeadAttention", heads: 1, causal: true, inputs: ["input", "input"] }],
      [2, 4],
    ],
    ["patches of 4x4 do not divide an image of 6x8", [{ type: "patchEmbedding", size: 4, units: 3 }], [6, 8, 1]],
    ["maxLength 3 is less than the 5 steps of the input", [{ type: "positionalEncoding", maxLength: 3 }], [5, 2]],
  ])("%s", (message, layers, shape) => {
    expect(() => build(layers, shape)).toThrow(message);
  });

  test("learned positions of an input without a fixed length need maxLength", () => {
    const open = () =>
      buildModel({
        layers: [layerSchema.parse({ type: "positionalEncoding", kind: "learned" })],
        input: { shape: [null, 4], dtype: "float32" },
        seed: 1,
      });
    expect(open).toThrow("the input has no fixed length: learned positions need maxLength");
  });

  test("a sequence that is longer than the positions is refused", () => {
    const model = buildModel({
      layers: [layerSchema.parse({ type: "positionalEncoding", maxLength: 3 })],
      input: { shape: [null, 2], dtype: "float32" },
      seed: 1,
    });
    expect(() => outputOf(model, tf.zeros([1, 4, 2]))).toThrow("4 steps is longer than the 3 positions");
  });
});
