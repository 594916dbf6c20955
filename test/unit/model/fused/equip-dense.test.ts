import { record } from "../../../../src/engine/graph/record";
import { buildModel } from "../../../../src/model/build-model";
import { type LayerInput, layerSchema } from "../../../../src/model/layer-config";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { nativeBackend } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

type Compute = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => tf.Tensor;

const modelOf = (layer: LayerInput, shape: number[]) =>
  buildModel({ layers: [layerSchema.parse(layer)], input: { shape: shape.slice(1), dtype: "float32" }, seed: 1 });

/** The values, and the gradients of input, kernel and bias for one gradient of the values. */
function results(compute: () => tf.Tensor, inputs: tf.Variable[]): Float32Array[] {
  return tf.tidy(() => {
    const y = compute();
    const dy = tf.randomUniform(y.shape, -1, 1, "float32", 7);
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(compute(), dy)) as tf.Scalar, inputs);
    return [y, ...inputs.map(({ name }) => grads[name] as tf.Tensor)].map((of) => of.dataSync() as Float32Array);
  });
}

const plain: Record<string, Compute> = {
  tanh: (x, kernel, bias) => tf.tanh(tf.add(tf.dot(x, kernel), bias)),
  relu: (x, kernel, bias) => tf.relu(tf.add(tf.dot(x, kernel), bias)),
  softmax: (x, kernel, bias) => tf.softmax(tf.add(tf.dot(x, kernel), bias)),
};

const cases: [string, number[], number, "tanh" | "relu" | "softmax"][] = [
  ["a batch", [40, 48], 33, "tanh"],
  ["few examples", [3, 300], 16, "relu"],
  ["the steps of sequences", [4, 25, 20], 64, "softmax"],
  ["too few units for tiles", [40, 48], 10, "softmax"],
];

describeOwnOps("a dense layer whose products are computed in tiles", () => {
  test.each(cases)("%s: as plain products, forward and backward", (_, shape, units, activation) => {
    const model = modelOf({ type: "dense", units, activation, biasInitializer: "randomNormal" }, shape);
    const [kernel, bias] = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
    const x = tf.variable(tf.randomUniform(shape, -1, 1, "float32", 3));
    const inputs = [x, kernel, bias] as [tf.Variable, tf.Variable, tf.Variable];
    const rows = () => tf.reshape(x, [-1, shape.at(-1) as number]);
    const expected = results(
      () => (plain[activation] as Compute)(rows(), inputs[1], inputs[2]).reshape([...shape.slice(0, -1), units]),
      inputs,
    );
    const actual = results(() => model.apply(x) as tf.Tensor, inputs);
    for (const [index, values] of expected.entries()) {
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const of = actual[index] as Float32Array;
      expect(of.length).toBe(values.length);
      const error = values.reduce((most, value, at) => Math.max(most, Math.abs(value - (of[at] as number))), 0);
      expect(error / scale).toBeLessThan(2e-6);
    }
    x.dispose();
    model.dispose();
  });

  test.each([
    ["16 units or more are", 16, true],
    ["fewer are not", 15, false],
  ])("%s computed by its own operation, where there are tiles", (_, units, isOwn) => {
    const model = modelOf({ type: "dense", units }, [4, 20]);
    const x = tf.zeros([4, 20]);
    const { ops } = record(currentNativeBackend() as NativeBackend, { x }, () => ({ y: model.apply(x) as tf.Tensor }));
    const isTiled = ops.some(({ op }) => op === "DlctlDense");
    expect(isTiled).toBe(isOwn && nativeBackend()?.hasTiles === true);
    x.dispose();
    model.dispose();
  });
});
