import type { LayerInput } from "../../../../src/model/layer-config";
import { setRandomStep } from "../../../../src/model/random-step";
import { startRuntime } from "../../../../src/runtime/start-runtime";
import { tf } from "../../../../src/runtime/tf";
import { modelOf, numbersOf } from "../../../helpers/layer-model";
import type { LayerSample } from "../../../helpers/layer-samples";
import { describeEachDevice, describeNative } from "../../../helpers/runtime";

afterEach(() => setRandomStep(0));

/** What the layer makes of `x` in training at `step`. */
function disturb(config: LayerInput, x: number[], shape: number[], step: number, seed = 3): number[] {
  const model = modelOf({ inputs: [shape.slice(1)], config } as LayerSample, seed);
  try {
    setRandomStep(step);
    return tf.tidy(() => numbersOf(model.apply(tf.tensor(x, shape), { training: true }) as tf.Tensor));
  } finally {
    model.dispose();
  }
}

const all = (value: number, count = 40_000) => new Array<number>(count).fill(value);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

const kinds: LayerInput[] = [
  { type: "dropout", rate: 0.25 },
  { type: "spatialDropout1d", rate: 0.25 },
  { type: "gaussianNoise", stddev: 0.25 },
  { type: "gaussianDropout", rate: 0.25 },
  { type: "alphaDropout", rate: 0.25 },
];

describeEachDevice("layers that draw at random", () => {
  test.each(kinds)("$type: the same step repeats, another step, seed or layer differs", (config) => {
    const shape = [4, 5, 8];
    const x = all(1, 160);
    const first = disturb(config, x, shape, 7);
    expect(disturb(config, x, shape, 7)).toEqual(first);
    expect(disturb(config, x, shape, 8)).not.toEqual(first);
    expect(disturb(config, x, shape, 7, 4)).not.toEqual(first);
  });

  test("dropout drops its rate and scales the rest", () => {
    const values = disturb({ type: "dropout", rate: 0.25 }, all(3), [8, 5000], 1);
    expect([...new Set(values.map((value) => value.toFixed(5)))].sort()).toEqual(["0.00000", "4.00000"]);
    const dropped = values.filter((value) => value === 0).length / values.length;
    // Five standard errors with 40,000 draws.
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.011);
  });

  test("a noise shape of 1 drops along the whole axis", () => {
    const values = disturb({ type: "dropout", rate: 0.5, noiseShape: [null, 1, null] }, all(1, 60), [2, 5, 6], 1);
    for (let example = 0; example < 2; example++) {
      for (let channel = 0; channel < 6; channel++) {
        const steps = [0, 1, 2, 3, 4].map((step) => values[(example * 5 + step) * 6 + channel]);
        expect(new Set(steps).size).toBe(1);
      }
    }
    expect(new Set(values).size).toBe(2);
    const channels = disturb({ type: "spatialDropout2d", rate: 0.5 }, all(1, 120), [1, 3, 4, 10], 1);
    expect(channels.every((value, index) => value === channels[index % 10])).toBe(true);
    expect(new Set(channels).size).toBe(2);
  });

  test("noise has its mean and variance", () => {
    // With 40,000 draws the standard errors are 0.005 of the deviation for means and 0.7 % for variances: five of each.
    const added = disturb({ type: "gaussianNoise", stddev: 0.5 }, all(2), [8, 5000], 1);
    expect(Math.abs(mean(added) - 2)).toBeLessThan(0.0125);
    expect(Math.abs(variance(added) / 0.25 - 1)).toBeLessThan(0.036);
    const multiplied = disturb({ type: "gaussianDropout", rate: 0.2 }, all(2), [8, 5000], 1);
    expect(Math.abs(mean(multiplied) - 2)).toBeLessThan(0.025);
    expect(Math.abs(variance(multiplied) / (4 * 0.25) - 1)).toBeLessThan(0.036);
  });

  test("alpha dropout keeps mean 0 and variance 1", () => {
    const normal = numbersOf(tf.randomNormal([40_000], 0, 1, "float32", 5));
    const values = disturb({ type: "alphaDropout", rate: 0.3 }, normal, [8, 5000], 1);
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(variance(values) - 1)).toBeLessThan(0.05);
    // Dropped ones are at selu's least value after the affine map: a * (-1.758) + b with the paper's a and b.
    const a = (0.7 * (1 + 0.3 * 1.7580993408473766 ** 2)) ** -0.5;
    const least = -a * 1.7580993408473766 + a * 1.7580993408473766 * 0.3;
    const dropped = values.filter((value) => Math.abs(value - least) < 1e-5).length / values.length;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.012);
  });

  test("nothing changes outside training", () => {
    for (const config of kinds) {
      const model = modelOf({ inputs: [[2, 3]], config } as LayerSample);
      const x = tf.tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]);
      expect(tf.tidy(() => numbersOf(model.predict(x) as tf.Tensor))).toEqual([1, 2, 3, 4, 5, 6]);
      tf.dispose([x]);
      model.dispose();
    }
  });

  test("the step may be a tensor, with the same masks", () => {
    const model = modelOf({ inputs: [[50]], config: { type: "dropout", rate: 0.5 } } as LayerSample<"dropout">);
    const x = tf.ones([2, 50]);
    const step = tf.scalar(11, "int32");
    const before = tf.memory().numTensors;
    const run = () => tf.tidy(() => numbersOf(model.apply(x, { training: true }) as tf.Tensor));
    setRandomStep(11);
    const masked = run();
    setRandomStep(step as tf.Scalar);
    expect(run()).toEqual(masked);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    tf.dispose([x, step]);
  });
});

describeNative("layers that draw at random agree across devices", () => {
  test.each(kinds)("$type", async (config) => {
    const x = all(1, 120);
    await startRuntime("cpu");
    const native = disturb(config, x, [4, 5, 6], 3);
    await startRuntime("js");
    const js = disturb(config, x, [4, 5, 6], 3);
    await startRuntime("cpu");
    expect(Math.max(...native.map((value, index) => Math.abs(value - (js[index] as number))))).toBeLessThan(1e-5);
  });
});
