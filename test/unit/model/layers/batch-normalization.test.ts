import type { LayerInput } from "../../../../src/model/layer-config";
import { tf } from "../../../../src/runtime/tf";
import { modelOf, numbersOf } from "../../../helpers/layer-model";
import type { LayerSample } from "../../../helpers/layer-samples";
import { describeEachDevice } from "../../../helpers/runtime";

const layerOf = (config: LayerInput) => modelOf({ inputs: [[2]], config } as LayerSample);
const run = (model: tf.LayersModel, x: tf.Tensor, training: boolean) =>
  tf.tidy(() => numbersOf(model.apply(x, { training }) as tf.Tensor));

/** Channel 0 has mean 2 and variance 1, channel 1 mean 10 and variance 8. */
const values = [1, 6, 3, 12, 1, 8, 3, 14];
const channelOf = (index: number) => index % 2;
const means = [2, 10];
const variances = [1, 10];

function moving(model: tf.LayersModel, name: string): number[] {
  const weight = model.weights.find(({ originalName }) => originalName === `sample/${name}`);
  return numbersOf(weight?.read() as tf.Tensor);
}

describeEachDevice("batch normalization", () => {
  test.each([
    [{}, 2, 3],
    [{ scale: false }, 1, 3],
    [{ center: false }, 2, 0],
    [{ scale: false, center: false }, 1, 0],
  ])("in training with %j: by hand, and the moving statistics as in Keras", (options, gamma, beta) => {
    const model = layerOf({
      type: "batchNormalization",
      momentum: 0.9,
      epsilon: 0.01,
      gammaInitializer: { type: "constant", value: 2 },
      betaInitializer: { type: "constant", value: 3 },
      ...options,
    });
    const x = tf.tensor(values, [4, 2]);
    const normal = (value: number, index: number, mean: number[], variance: number[]) => {
      const channel = channelOf(index);
      return ((value - (mean[channel] as number)) / Math.sqrt((variance[channel] as number) + 0.01)) * gamma + beta;
    };
    run(model, x, true).forEach((output, index) => {
      expect(output).toBeCloseTo(normal(values[index] as number, index, means, variances), 5);
    });
    // moving = 0.9 * moving + 0.1 * batch, from 0 and 1; the batch's variance is divided by 4, not 3.
    const movingMean = [0.2, 1];
    const movingVariance = [0.9 + 0.1 * 1, 0.9 + 0.1 * 10];
    moving(model, "moving_mean").forEach((mean, channel) => {
      expect(mean).toBeCloseTo(movingMean[channel] as number, 6);
    });
    moving(model, "moving_variance").forEach((variance, channel) => {
      expect(variance).toBeCloseTo(movingVariance[channel] as number, 6);
    });
    run(model, x, false).forEach((output, index) => {
      expect(output).toBeCloseTo(normal(values[index] as number, index, movingMean, movingVariance), 5);
    });
    model.dispose();
    x.dispose();
  });

  test("twenty steps with gradients leave no tensor behind", () => {
    const model = layerOf({ type: "batchNormalization" });
    const x = tf.tensor(values, [4, 2]);
    const step = () =>
      tf.dispose(
        tf.variableGrads(() =>
          tf.tidy(() => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar),
        ),
      );
    step();
    const before = tf.memory().numTensors;
    for (let count = 0; count < 20; count++) step();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    x.dispose();
  });

  test("a frozen layer uses its statistics in training, and keeps them", () => {
    const model = layerOf({ type: "batchNormalization", trainable: false });
    const x = tf.tensor(values, [4, 2]);
    expect(run(model, x, true)).toEqual(run(model, x, false));
    expect(moving(model, "moving_mean")).toEqual([0, 0]);
    model.dispose();
    x.dispose();
  });
});
