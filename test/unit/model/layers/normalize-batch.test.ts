import { normalizeBatch } from "../../../../src/model/layers/normalize-batch";
import { nativeBackend, type OpAttributes } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

const uniform = (shape: number[], seed: number, range = 2) => tf.randomUniform(shape, -range, range, "float32", seed);

/** Output, mean and variance, and the gradients of x, gamma and beta for one random gradient of the output. */
function differentiate(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): Float32Array[] {
  return tf.tidy(() => {
    const normalize = (...given: tf.Tensor[]) => normalizeBatch(...(given as [tf.Tensor, tf.Tensor, tf.Tensor]), 1e-3);
    const dy = uniform(x.shape, 99);
    const gradients = tf.grads((...given) => tf.sum(tf.mul(normalize(...given).output, dy)))([x, gamma, beta]);
    const { output, mean, variance } = normalize(x, gamma, beta);
    return [output, mean, variance, ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
  });
}

function withoutOwnOps<Result>(run: () => Result): Result {
  process.env.DLCTL_NATIVE_OPS = "off";
  try {
    return run();
  } finally {
    delete process.env.DLCTL_NATIVE_OPS;
  }
}

describeOwnOps("batch normalization by our own operation", () => {
  // Whole vectors and parts of one, fewer rows than a chunk and several chunks, a mean far from 0.
  test.each([
    [[3, 16], 0],
    [[5, 7, 33], 0],
    [[4, 30, 31, 32], 0],
    [[2, 9, 9, 130], 0],
    [[3, 21, 20, 17], 3],
    [[1, 100], 0],
  ])("of %j around %d: values and gradients are those of TensorFlow's", (shape, around) => {
    const channels = shape.at(-1) as number;
    const x = tf.add(uniform(shape, 1), around);
    const [gamma, beta] = [uniform([channels], 2), uniform([channels], 3)];
    const own = differentiate(x, gamma, beta);
    const other = withoutOwnOps(() => differentiate(x, gamma, beta));
    const names = ["output", "mean", "variance", "dx", "dgamma", "dbeta"];
    own.forEach((values, index) => {
      const others = other[index] as Float32Array;
      expect(values.length).toBe(others.length);
      const scale = others.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      const most = values.reduce((most, value, at) => Math.max(most, Math.abs(value - (others[at] as number))), 0);
      const limit = index < 1 ? 1e-6 : 2e-6;
      expect([names[index], most / scale < limit ? "close" : most / scale]).toEqual([names[index], "close"]);
    });
    tf.dispose([x, gamma, beta]);
  });

  test("the variance keeps its digits beside a mean a thousand times as large", () => {
    const values = Array.from({ length: 5000 * 16 }, (_, at) => 1000 + Math.fround(Math.sin(at * 0.37)));
    const [, mean, variance] = tf.tidy(() =>
      differentiate(tf.tensor(values, [5000, 16]), tf.ones([16]), tf.zeros([16])),
    );
    for (let channel = 0; channel < 16; channel++) {
      const own = values.filter((_, at) => at % 16 === channel).map((value) => Math.fround(value));
      const exact = own.reduce((sum, value) => sum + value, 0) / own.length;
      const squares = own.reduce((sum, value) => sum + (value - exact) ** 2, 0) / own.length;
      expect(Math.abs((mean?.[channel] as number) - exact) / exact).toBeLessThan(1e-7);
      expect(Math.abs((variance?.[channel] as number) - squares) / squares).toBeLessThan(1e-6);
    }
  });

  test("relu alone in the same pass: its gradient is seen by x as it would be by y, to the last bit", () => {
    const native = nativeBackend();
    // Whole vectors, and not.
    for (const channels of [9, 16, 70]) {
      const [x, dy] = [uniform([123, channels], 1), uniform([123, channels], 5)];
      const [gamma, beta] = [uniform([channels], 2), uniform([channels], 3)];
      const of = (relu: boolean) => ({ epsilon: { float: 1e-3 }, relu: { bool: relu } });
      const none = tf.zeros([0]);
      const run = (op: string, relu: boolean, inputs: tf.Tensor[], more: OpAttributes = {}) =>
        native?.executeOp(op, { ...of(relu), ...more }, inputs, more.residual ? 4 : 3) as tf.Tensor[];
      const [y, mean, variance] = run("DlctlBatchNorm", true, [x, gamma, beta, none]) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const gradients = (relu: boolean, dy: tf.Tensor) =>
        run("DlctlBatchNormGradient", relu, [dy, x, gamma, beta, mean, variance, none], { residual: { bool: false } })
          .slice(0, 3)
          .map((tensor) => Array.from(tensor.dataSync(), (value) => value + 0));
      const masked = tf.where(tf.greater(y, 0), dy, tf.zerosLike(dy));
      expect(Array.from(tf.greater(y, 0).dataSync()).filter(Boolean).length).toBeGreaterThan(channels);
      expect(gradients(true, dy)).toEqual(gradients(false, masked));
    }
  });

  test("relu and an addition in the same pass: gradients agree with finite differences", () => {
    const native = nativeBackend();
    const [rows, channels] = [9, 18];
    const x = uniform([rows, channels], 1);
    const [gamma, beta, added] = [uniform([channels], 2), uniform([channels], 3), uniform([rows, channels], 4)];
    const dy = uniform([rows, channels], 5);
    const epsilon = { epsilon: { float: 1e-3 }, relu: { bool: true } };
    const forward = (...inputs: tf.Tensor[]) => native?.executeOp("DlctlBatchNorm", epsilon, inputs, 3) as tf.Tensor[];
    const [y, mean, variance] = forward(x, gamma, beta, added) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const gradients = native?.executeOp(
      "DlctlBatchNormGradient",
      { ...epsilon, residual: { bool: true } },
      [dy, x, gamma, beta, mean, variance, y],
      4,
    ) as tf.Tensor[];
    const slopes = dy.dataSync();
    // In double precision, so that small steps can be taken.
    const lossOf = (parts: readonly Float64Array[]) => {
      const [x, gamma, beta, added] = parts as [Float64Array, Float64Array, Float64Array, Float64Array];
      let loss = 0;
      for (let channel = 0; channel < channels; channel++) {
        const column = Array.from({ length: rows }, (_, row) => x[row * channels + channel] as number);
        const mean = column.reduce((sum, value) => sum + value, 0) / rows;
        const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
        column.forEach((value, row) => {
          const at = row * channels + channel;
          const normal = (value - mean) / Math.sqrt(variance + 1e-3);
          const sum = normal * (gamma[channel] as number) + (beta[channel] as number) + (added[at] as number);
          loss += Math.max(0, sum) * (slopes[at] as number);
        });
      }
      return loss;
    };
    const parts = [x, gamma, beta, added].map((tensor) => Float64Array.from(tensor.dataSync()));
    gradients.forEach((gradient, part) => {
      const values = parts[part] as Float64Array;
      const step = 1e-6;
      gradient.dataSync().forEach((own, at) => {
        const before = values[at] as number;
        const [above, below] = [before + step, before - step].map((value) => {
          values[at] = value;
          return lossOf(parts);
        }) as [number, number];
        values[at] = before;
        expect(Math.abs(own - (above - below) / (2 * step))).toBeLessThan(1e-5 * Math.max(1, Math.abs(own)));
      });
    });
    tf.dispose([x, gamma, beta, added, dy, y, mean, variance, ...gradients]);
  });
});
