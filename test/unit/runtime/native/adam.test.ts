import { nativeBackend, type OpAttributes } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

const [rate, kept] = [0.02, 0.995];
const shares = { mean: 0.1, square: 0.01, epsilon: 1e-3 };

const wave = (count: number, phase: number) =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index * 1.7 + phase));

/** A tensor whose memory is TensorFlow's own: what JavaScript hands over stays JavaScript's. */
const owned = (values: Float32Array, shape: number[]) => tf.tidy(() => tf.tensor(values, shape).mul(1));

interface Given {
  readonly shape: number[];
  /** Of a table. */
  readonly ids?: number[];
}

/** Runs the operation; `before`, and what is in the same memory afterwards. */
function run(given: readonly Given[]) {
  const sizes = given.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  const before = sizes.map((size, at) => ({
    value: wave(size, at),
    mean: wave(size, at + 0.4),
    square: wave(size, at + 0.8).map((x) => x * x),
  }));
  const gradients = given.map(({ shape, ids }, at) => {
    const size = sizes[at] as number;
    return wave(ids ? (ids.length * size) / (shape[0] as number) : size, at + 0.2);
  });
  const tensors = (slot: "value" | "mean" | "square") =>
    before.map((numbers, at) => owned(numbers[slot], given[at]?.shape as number[]));
  const [values, means, squares] = [tensors("value"), tensors("mean"), tensors("square")];
  const ids = given.flatMap(({ ids }) => (ids ? [tf.tensor1d(ids, "int32")] : []));
  const attributes: OpAttributes = {
    count: { int: given.length },
    sparse: { int: ids.length },
    mean_share: { float: shares.mean },
    square_share: { float: shares.square },
    epsilon: { float: shares.epsilon },
  };
  const inputs = [
    ...[tf.scalar(rate), tf.scalar(kept), ...values, ...means, ...squares],
    ...gradients.map((numbers) => tf.tensor1d(numbers)),
    ...ids,
  ];
  const compute = () => nativeBackend()?.executeOp("DlctlAdam", attributes, inputs, 0);
  const after = () =>
    given.map((_, at) => ({
      value: values[at]?.dataSync(),
      mean: means[at]?.dataSync(),
      square: squares[at]?.dataSync(),
    }));
  return { before, gradients, compute, after };
}

/** In double precision, a number at a time. */
function expected(
  given: Given,
  before: { value: Float32Array; mean: Float32Array; square: Float32Array },
  numbers: Float32Array,
) {
  const width = before.value.length / (given.shape[0] as number);
  const gradient = given.ids ? new Float64Array(before.value.length) : Float64Array.from(numbers);
  given.ids?.forEach((id, place) => {
    for (let at = 0; id >= 0 && at < width; at++) {
      gradient[id * width + at] = (gradient[id * width + at] as number) + (numbers[place * width + at] as number);
    }
  });
  return Array.from(gradient, (g, at) => {
    const [oldMean, oldSquare] = [before.mean[at] as number, before.square[at] as number];
    const mean = oldMean + (g - oldMean) * shares.mean;
    const square = oldSquare + (g * g - oldSquare) * shares.square;
    const value = (before.value[at] as number) * kept - (rate * mean) / (Math.sqrt(square) + shares.epsilon);
    return { value, mean, square };
  });
}

describeOwnOps("DlctlAdam", () => {
  test("follows the formula within 1e-6, at sizes that fill no vector, over several tasks, in tables with and without gradients", () => {
    tf.tidy(() => {
      const given: Given[] = [
        // Twice the first row, never the last one; an id below 0 is nobody's.
        { shape: [7, 5], ids: [0, 3, 0, 4, -1, 3, 0] },
        { shape: [400, 96], ids: Array.from({ length: 300 }, (_, at) => (at * at) % 400) },
        { shape: [11], ids: [10, 10] },
        { shape: [1] },
        { shape: [3, 2, 5] },
        { shape: [70001] },
        { shape: [0, 4] },
      ];
      const { before, gradients, compute, after } = run(given);
      compute();
      after().forEach((actual, at) => {
        const numbers = expected(given[at] as Given, before[at] as never, gradients[at] as Float32Array);
        for (const slot of ["value", "mean", "square"] as const) {
          const distances = numbers.map(
            (number, index) =>
              Math.abs((actual[slot]?.[index] as number) - number[slot]) / Math.max(1, Math.abs(number[slot])),
          );
          expect(Math.max(0, ...distances.slice(0, 5000), ...distances.slice(-5000))).toBeLessThan(1e-6);
          expect(distances.every((distance) => distance < 1e-6)).toBe(true);
        }
      });
    });
  });

  test.each<[string, Given[], RegExp]>([
    ["an id beyond the table", [{ shape: [3, 2], ids: [0, 3] }], /id 3 is not below 3/],
  ])("%s is refused, and nothing has changed", (_, given, message) => {
    tf.tidy(() => {
      const { before, compute, after } = run(given);
      expect(compute).toThrow(message);
      expect(after()).toEqual(before);
    });
  });
});
