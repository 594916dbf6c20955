import { gradientOverrides, kernelOverrides } from "../../../../src/runtime/kernels/register-overrides";
import { startRuntime } from "../../../../src/runtime/start-runtime";
import { tf } from "../../../../src/runtime/tf";
import { describeNative } from "../../../helpers/runtime";

const wave = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index * 1.7 + 0.3)),
    shape,
  );

/** Computations in which each overridden kernel or gradient is used, by its name; the first input is differentiated. */
const samples: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  Add: (x) => tf.add(x, wave([6])),
  BatchMatMul: (x) => tf.matMul(x as tf.Tensor2D, wave([6, 5]), false, false),
  Cast: (x) => tf.cast(x, "float32"),
  FusedConv2D: (x) =>
    tf.fused.conv2d({
      x: tf.reshape(x, [1, 4, 6, 1]) as tf.Tensor4D,
      filter: wave([3, 3, 1, 2]) as tf.Tensor4D,
      strides: 1,
      pad: "same",
      bias: wave([2]),
      activation: "relu",
    }),
  _FusedMatMul: (x) =>
    tf.fused.matMul({ a: x as tf.Tensor2D, b: wave([6, 3]) as tf.Tensor2D, bias: wave([3]), activation: "relu" }),
  GatherV2: (x) =>
    tf.gather(
      x,
      tf.tensor2d(
        [
          [3, 0],
          [1, 1],
        ],
        [2, 2],
        "int32",
      ),
    ),
  Reshape: (x) => tf.reshape(tf.square(x), x.shape),
  Step: (x) => tf.mul(x, tf.step(x)),
  Sum: (x) => tf.sum(tf.reshape(x, [2, 4, 3]), [0, 1]),
  Relu: (x) => tf.relu(x),
  Tanh: (x) => tf.tanh(x),
  Sigmoid: (x) => tf.sigmoid(x),
  Tile: (x) => tf.tile(x, [3, 2]),
};

/** The op that shows that an override ran and not tfjs-node's own kernel. */
const lastOps: Record<string, string> = {
  Add: "BiasAdd",
  BatchMatMul: "MatMul",
  FusedConv2D: "BiasAdd",
  _FusedMatMul: "BiasAdd",
  Sum: "BiasAddGrad",
};

/** Value and gradient of the sum of squares of `compute(x)`, on the device that runs. */
function valueAndGradient(compute: (x: tf.Tensor) => tf.Tensor): { value: number[]; gradient: number[] } {
  return tf.tidy(() => {
    const x = wave([4, 6]);
    const { value, grad } = tf.valueAndGrad((v: tf.Tensor) => tf.sum(tf.square(compute(v))))(x);
    return { value: [...compute(x).dataSync(), ...value.dataSync()], gradient: Array.from(grad.dataSync()) };
  });
}

describeNative("kernel overrides", () => {
  const names = [...kernelOverrides, ...gradientOverrides].map(({ kernel }) => kernel);

  test("each has a sample here", () => {
    expect(Object.keys(samples).sort()).toEqual([...names].sort());
  });

  test.each(names)("%s: value and gradient equal the js device's within 1e-5 of their size", async (name) => {
    const compute = samples[name] as (x: tf.Tensor) => tf.Tensor;
    await startRuntime("js");
    const expected = valueAndGradient(compute);
    await startRuntime("cpu");
    const actual = valueAndGradient(compute);
    for (const part of ["value", "gradient"] as const) {
      expect(actual[part]).toHaveLength(expected[part].length);
      expected[part].forEach((number, index) => {
        expect(Math.abs((actual[part][index] as number) - number)).toBeLessThan(1e-5 * Math.max(1, Math.abs(number)));
      });
    }
  });

  test.each(Object.entries(lastOps))("%s ends in TensorFlow's %s", async (name, op) => {
    await startRuntime("cpu");
    const backend = tf.backend() as unknown as Record<"executeSingleOutput" | "executeMultipleOutputs", () => unknown>;
    const spies = [jest.spyOn(backend, "executeSingleOutput"), jest.spyOn(backend, "executeMultipleOutputs")];
    tf.tidy(() => (samples[name] as (x: tf.Tensor) => tf.Tensor)(wave([4, 6])));
    const ran = spies.flatMap(({ mock }) => mock.calls.map(([called]: unknown[]) => called));
    for (const spy of spies) spy.mockRestore();
    expect(ran).toContain(op);
  });

  test("an index out of range is still refused", async () => {
    await startRuntime("cpu");
    expect(() => tf.tidy(() => tf.gather(wave([4, 6]), tf.tensor1d([9], "int32")).dataSync())).toThrow(
      /not in \[0, 4\)/,
    );
  });
});
