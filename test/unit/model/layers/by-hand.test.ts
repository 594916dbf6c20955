import type { LayerInput } from "../../../../src/model/layer-config";
import { tf } from "../../../../src/runtime/tf";
import { modelOf, numbersOf } from "../../../helpers/layer-model";
import type { LayerSample } from "../../../helpers/layer-samples";
import { describeEachDevice } from "../../../helpers/runtime";

/** What the layer makes of one example. */
function outputOf(config: LayerInput, shape: number[], x: number[], weights: number[][] = []): number[] {
  const model = modelOf({ inputs: [shape], config } as LayerSample);
  try {
    return tf.tidy(() => {
      model.weights.forEach((weight, index) => {
        if (weights[index]) weight.write(tf.tensor(weights[index] as number[], weight.shape as number[]));
      });
      return numbersOf(model.predict(tf.tensor(x, [1, ...shape])) as tf.Tensor);
    });
  } finally {
    model.dispose();
  }
}

const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describeEachDevice("layers by hand", () => {
  test("conv2d: the kernel is not flipped, the bias is added", () => {
    const kernel = [1, 0, 0, -2];
    // [[1, 2], [4, 5]] * [[1, 0], [0, -2]] = 1 - 10, and so on.
    const expected = [1 - 10, 2 - 12, 4 - 16, 5 - 18].map((value) => value + 0.5);
    expect(outputOf({ type: "conv2d", filters: 1, kernelSize: 2 }, [3, 3, 1], nine, [kernel, [0.5]])).toEqual(expected);
  });

  test("conv2d with dilation 2 looks at every second pixel", () => {
    const config: LayerInput = { type: "conv2d", filters: 1, kernelSize: 2, dilationRate: 2 };
    expect(outputOf(config, [3, 3, 1], nine, [[1, 10, 100, 1000], [0]])).toEqual([1 + 30 + 700 + 9000]);
  });

  test("conv1d with dilation and same padding", () => {
    const config: LayerInput = { type: "conv1d", filters: 1, kernelSize: 3, dilationRate: 2, padding: "same" };
    // Steps -2, 0 and 2 of each place; zeros outside.
    expect(outputOf(config, [4, 1], [1, 2, 3, 4], [[1, 10, 100], [0]])).toEqual([310, 420, 31, 42]);
  });

  test("dense with relu", () => {
    expect(
      outputOf(
        { type: "dense", units: 2, activation: "relu" },
        [2],
        [1, 2],
        [
          [1, -1, 3, -1],
          [0.5, 0],
        ],
      ),
    ).toEqual([7.5, 0]);
  });

  test("average pooling leaves padding out of the mean", () => {
    const config: LayerInput = { type: "averagePooling2d", poolSize: 2, padding: "same" };
    expect(outputOf(config, [3, 3, 1], nine)).toEqual([3, 4.5, 7.5, 9]);
  });

  test("layer normalization", () => {
    const output = outputOf(
      { type: "layerNormalization", epsilon: 0.01 },
      [3],
      [1, 2, 3],
      [
        [1, 2, 3],
        [0, 1, 0],
      ],
    );
    const deviation = Math.sqrt(2 / 3 + 0.01);
    [-1 / deviation, 1, 3 / deviation].forEach((value, index) => {
      expect(output[index]).toBeCloseTo(value, 5);
    });
  });

  test("prelu, thresholded relu, rescaling", () => {
    expect(outputOf({ type: "prelu" }, [2], [-2, 2], [[0.25, 0.5]])).toEqual([-0.5, 2]);
    expect(outputOf({ type: "thresholdedReLU", theta: 1 }, [3], [0.5, 1, 1.5])).toEqual([0, 0, 1.5]);
    expect(outputOf({ type: "rescaling", scale: 2, offset: -1 }, [2], [1, 2])).toEqual([1, 3]);
  });
});
