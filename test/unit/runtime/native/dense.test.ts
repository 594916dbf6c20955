import { nativeBackend } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Numbers in (-1, 1), of the size of `scale` each; the same for the same seed. */
function numbers(rows: number, columns: number, seed: number, scale: (at: number) => number = () => 1): Matrix {
  let state = seed * 7919 + rows * 31 + columns;
  const data = Float32Array.from({ length: rows * columns }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * scale(at);
  });
  return { rows, columns, data };
}

const across = ({ rows, columns, data }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  data: Float32Array.from(data, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)] as number),
});

/** In double precision; and the sum of the sizes of all terms, which rounding is measured by. */
function product(a: Matrix, b: Matrix): { exact: Float64Array; sizes: Float64Array } {
  const exact = new Float64Array(a.rows * b.columns);
  const sizes = new Float64Array(a.rows * b.columns);
  for (let row = 0; row < a.rows; row++) {
    for (let k = 0; k < a.columns; k++) {
      const left = a.data[row * a.columns + k] as number;
      for (let column = 0; column < b.columns; column++) {
        const term = left * (b.data[k * b.columns + column] as number);
        exact[row * b.columns + column] = (exact[row * b.columns + column] as number) + term;
        sizes[row * b.columns + column] = (sizes[row * b.columns + column] as number) + Math.abs(term);
      }
    }
  }
  return { exact, sizes };
}

/** The largest error, as a share of the terms' sizes. */
function errorOf(result: Float32Array, { exact, sizes }: ReturnType<typeof product>): number {
  expect(result.length).toBe(exact.length);
  return exact.reduce((largest, value, at) => {
    const error = Math.abs((result[at] as number) - value) / Math.max(sizes[at] as number, 1e-30);
    return Number.isNaN(error) ? Number.NaN : Math.max(largest, error);
  }, 0);
}

function run(op: string, attributes: Record<string, { int: number } | { bool: boolean }>, inputs: Matrix[], count = 1) {
  return tf.tidy(() => {
    const tensors = inputs.map(({ data, rows, columns }) => tf.tensor(data, [rows, columns]));
    const given = op === "DlctlDense" ? [...tensors, tf.zeros([0])] : tensors;
    const outputs = nativeBackend()?.executeOp(op, attributes, given, count) as tf.Tensor[];
    return outputs.map((output) => output.dataSync() as Float32Array);
  });
}

const multiply = (x: Matrix, weights: Matrix, parts = 3, transposed = false) =>
  run("DlctlDense", { transposed: { bool: transposed }, parts: { int: parts } }, [x, weights])[0] as Float32Array;

// One row, less than a tile's rows, depth and columns, whole tiles, one more, more depth than is split at a time, more than a task's rows,
// several groups of rows.
const sizes: [number, number, number][] = [
  [1, 40, 20],
  [15, 33, 7],
  [16, 16, 1],
  [17, 31, 16],
  [32, 32, 32],
  [33, 65, 49],
  [9, 4200, 20],
  [5, 70, 32],
  [20, 130, 48],
  [66, 64, 80],
  [40, 1060, 70],
  [128, 40, 33],
  [97, 128, 65],
  [200, 17, 130],
  [1100, 50, 34],
];

describeOwnOps("dense products and their gradients, beside sums in double precision", () => {
  // 2 ** -24 for the rounding of a sum; sums of many terms round more than once.
  const float32 = 3e-7;

  test.each(sizes)("%i rows of %i numbers, %i columns", (rows, depth, columns) => {
    const [x, weights] = [numbers(rows, depth, 1), numbers(depth, columns, 2)];
    const expected = product(x, weights);
    expect(errorOf(multiply(x, weights), expected)).toBeLessThan(float32);
    expect(errorOf(multiply(x, across(weights), 3, true), expected)).toBeLessThan(float32);

    const dy = numbers(rows, columns, 3);
    const [kernel, bias] = run("DlctlDenseGradient", {}, [x, dy], 2) as [Float32Array, Float32Array];
    expect(errorOf(kernel, product(across(x), dy))).toBeLessThan(float32);
    const ones = numbers(1, rows, 4);
    ones.data.fill(1);
    expect(errorOf(bias, product(ones, dy))).toBeLessThan(float32);
  });

  // Columns that are no whole vectors: those are computed by vectors where rows are few.
  test("in tiles, a row's product does not depend on how many others there are", () => {
    const [x, weights] = [numbers(300, 150, 13), numbers(150, 90, 14)];
    const all = multiply(x, weights);
    for (const rows of [16, 40, 128]) {
      const some = multiply({ ...x, rows, data: x.data.slice(0, rows * 150) }, weights);
      expect(some).toEqual(all.subarray(0, rows * 90));
    }
  });

  test("numbers of very different size lose no more than float32 does", () => {
    const scale = (at: number) => 10 ** ((at % 25) - 12);
    const [x, weights] = [numbers(64, 96, 5, scale), numbers(96, 48, 6, scale)];
    expect(errorOf(multiply(x, weights), product(x, weights))).toBeLessThan(float32);
    const dy = numbers(64, 48, 7, scale);
    const [kernel] = run("DlctlDenseGradient", {}, [x, dy], 2) as [Float32Array];
    expect(errorOf(kernel, product(across(x), dy))).toBeLessThan(float32);
  });

  // Each part has 8 bits; vectors multiply whole floats whatever is asked for.
  test.each([
    [2, 4e-5],
    [1, 1e-2],
  ])("with %i parts of each number the error is below %d", (parts, most) => {
    const [x, weights, dy] = [numbers(128, 64, 8), numbers(64, 64, 9), numbers(128, 64, 10)];
    const forward = errorOf(multiply(x, weights, parts), product(x, weights));
    const [kernel] = run("DlctlDenseGradient", { parts: { int: parts } }, [x, dy], 2) as [Float32Array];
    for (const error of [forward, errorOf(kernel, product(across(x), dy))]) {
      expect(error).toBeLessThan(most);
      if (nativeBackend()?.hasTiles) expect(error).toBeGreaterThan(most / 1000);
    }
  });

  test("what is not finite stays so, in its row only", () => {
    const [x, weights] = [numbers(40, 40, 11), numbers(40, 40, 12)];
    x.data.set([Number.NaN, 0, Number.POSITIVE_INFINITY, 3e38], 0);
    x.data.set([Number.NEGATIVE_INFINITY], 40);
    const y = multiply(x, weights);
    expect(y.subarray(0, 80).every((value) => !Number.isFinite(value))).toBe(true);
    expect(y.subarray(80).every((value) => Number.isFinite(value))).toBe(true);
  });

  test("a number of parts that there is not is refused", () => {
    expect(() => multiply(numbers(4, 4, 1), numbers(4, 4, 1), 4)).toThrow("1 to 3 parts");
  });
});
