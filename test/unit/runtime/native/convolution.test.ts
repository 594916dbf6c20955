import { type NativeOps, nativeBackend, type OpAttributes } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

interface Case {
  readonly batch?: number;
  readonly height?: number;
  readonly width?: number;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly taps?: number;
  readonly strides?: readonly [number, number];
  readonly same?: boolean;
  readonly sizeOf?: (at: number) => number;
}

/** Numbers in (-1, 1), each times its size; the same for the same seed. */
function numbers(shape: readonly number[], seed: number, sizeOf: (at: number) => number): Float32Array {
  let state = seed * 7919 + shape.length;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * sizeOf(at);
  });
}

function problemOf(of: Case) {
  const { batch = 2, height = 5, width = 6, inputs = 3, outputs = 5, taps = 3, strides = [1, 1], same = true } = of;
  const { sizeOf = () => 1 } = of;
  const axis = (size: number, stride: number) => {
    const out = same ? Math.ceil(size / stride) : Math.floor((size - taps) / stride) + 1;
    return { out, pad: same ? Math.floor(Math.max(0, (out - 1) * stride + taps - size) / 2) : 0 };
  };
  const [y, x] = [axis(height, strides[0]), axis(width, strides[1])];
  const shapes = {
    x: [batch, height, width, inputs],
    filter: [taps, taps, inputs, outputs],
    dy: [batch, y.out, x.out, outputs],
  };
  const data = {
    x: numbers(shapes.x, 1, sizeOf),
    filter: numbers(shapes.filter, 2, () => 1),
    dy: numbers(shapes.dy, 3, sizeOf),
  };
  const attributes: OpAttributes = {
    stride_y: { int: strides[0] },
    stride_x: { int: strides[1] },
    same: { bool: same },
    relu: { bool: false },
    pooled: { bool: false },
  };
  return { batch, height, width, inputs, outputs, taps, strides, rows: y, columns: x, shapes, data, attributes };
}
type Problem = ReturnType<typeof problemOf>;

/** A result in double precision; and the sum of the sizes of all its terms, which rounding is measured by. */
class Exact {
  readonly values: Float64Array;
  readonly sizes: Float64Array;
  constructor(count: number) {
    this.values = new Float64Array(count);
    this.sizes = new Float64Array(count);
  }
  add(at: number, term: number): void {
    this.values[at] = (this.values[at] as number) + term;
    this.sizes[at] = (this.sizes[at] as number) + Math.abs(term);
  }
}

type ExactResults = Record<"y" | "x" | "filter", Exact>;

function exactly(problem: Problem) {
  const { batch, height, width, outputs, taps, strides, rows, columns, data } = problem;
  const results = {
    y: new Exact(data.dy.length),
    x: new Exact(data.x.length),
    filter: new Exact(data.filter.length),
    bias: new Exact(outputs),
  };
  for (let pixel = 0; pixel < batch * rows.out * columns.out; pixel++) {
    const image = Math.floor(pixel / (rows.out * columns.out));
    const row = Math.floor(pixel / columns.out) % rows.out;
    for (let o = 0; o < outputs; o++) results.bias.add(o, data.dy[pixel * outputs + o] as number);
    for (let tap = 0; tap < taps * taps; tap++) {
      const fromRow = row * strides[0] - rows.pad + Math.floor(tap / taps);
      const fromColumn = (pixel % columns.out) * strides[1] - columns.pad + (tap % taps);
      if (fromRow < 0 || fromRow >= height || fromColumn < 0 || fromColumn >= width) continue;
      addTap(problem, results, (image * height + fromRow) * width + fromColumn, pixel, tap);
    }
  }
  return results;
}

/** What a pixel of the input and one of the result contribute by one tap of the filter. */
function addTap({ inputs, outputs, data }: Problem, results: ExactResults, from: number, to: number, tap: number) {
  for (let i = 0; i < inputs; i++) {
    const value = data.x[from * inputs + i] as number;
    const filterAt = (tap * inputs + i) * outputs;
    for (let o = 0; o < outputs; o++) {
      const [weight, dy] = [data.filter[filterAt + o] as number, data.dy[to * outputs + o] as number];
      results.y.add(to * outputs + o, value * weight);
      results.x.add(from * inputs + i, weight * dy);
      results.filter.add(filterAt + o, value * dy);
    }
  }
}

/** The convolution and its gradients by our operations. */
function ours(problem: Problem, parts?: number, added?: Float32Array) {
  const { data, shapes, attributes, taps, height, width } = problem;
  return tf.tidy(() => {
    const backend = nativeBackend() as NativeOps;
    const run = (op: string, more: OpAttributes, inputs: tf.Tensor[], count: number) =>
      backend.executeOp(
        op,
        { ...attributes, ...more, ...(parts ? { parts: { int: parts } } : {}) },
        inputs,
        count,
      ) as tf.Tensor[];
    const [x, filter, dy] = [
      tf.tensor(data.x, shapes.x),
      tf.tensor(data.filter, shapes.filter),
      tf.tensor(data.dy, shapes.dy),
    ];
    const [noCodes] = backend.executeOp(
      "Cast",
      { SrcT: { dtype: "float32" }, DstT: { dtype: "uint8" }, Truncate: { bool: false } },
      [tf.zeros([0, 0, 0, 0])],
      1,
    ) as [tf.Tensor];
    const [y] = run("DlctlConvolution", { codes: { bool: false } }, [x, filter, tf.zeros([0])], 2);
    const [dfilter, bias] = run(
      "DlctlConvolutionFilterGradient",
      { rows: { int: taps }, columns: { int: taps } },
      [x, dy, dy, noCodes],
      2,
    );
    const [dx] = run(
      "DlctlConvolutionInputGradient",
      { height: { int: height }, width: { int: width } },
      [filter, dy, dy, noCodes, added ? tf.tensor(added, shapes.x) : tf.zeros([0])],
      1,
    );
    const read = (tensor?: tf.Tensor) => tensor?.dataSync() as Float32Array;
    return { y: read(y), x: read(dx), filter: read(dfilter), bias: read(bias) };
  });
}

/** The largest error of each result, as a share of its terms' sizes. */
function errorsOf(problem: Problem, parts?: number): Record<string, number> {
  const exact: Record<string, Exact> = exactly(problem);
  return Object.fromEntries(
    Object.entries(ours(problem, parts)).map(([name, result]) => {
      const { values, sizes } = exact[name] as Exact;
      expect([name, result.length]).toEqual([name, values.length]);
      const errors = Array.from(result, (value, at) =>
        sizes[at] === 0 ? Math.abs(value) : Math.abs(value - (values[at] as number)) / (sizes[at] as number),
      );
      return [name, errors.reduce((most, error) => Math.max(most, error), 0)];
    }),
  );
}

const cases: Record<string, Case> = {
  "1 channel": { inputs: 1, outputs: 17 },
  "3 channels": { inputs: 3, outputs: 32 },
  "16 channels": { inputs: 16, outputs: 16, width: 9 },
  "17 channels": { inputs: 17, outputs: 48, width: 17 },
  "32 channels": { inputs: 32, outputs: 32, width: 33, height: 3 },
  "48 channels": { inputs: 48, outputs: 17, same: false },
  "64 channels": { inputs: 64, outputs: 33, height: 4 },
  "128 channels": { inputs: 128, outputs: 64, batch: 1, width: 4, height: 4 },
  "one pixel": { inputs: 32, outputs: 32, taps: 1 },
  "5 x 5": { inputs: 16, outputs: 32, taps: 5, height: 6, width: 7 },
  "an odd number of images": { inputs: 32, outputs: 48, batch: 3, width: 8, height: 5 },
  "one image": { inputs: 32, outputs: 32, batch: 1, width: 13 },
  "one pixel, with strides": { inputs: 32, outputs: 64, taps: 1, strides: [2, 2] },
  "strides of two": { inputs: 32, outputs: 32, strides: [2, 2], height: 7 },
  "strides of two, 17 channels": { inputs: 17, outputs: 32, strides: [2, 2], same: false, width: 7 },
  "unequal strides": { inputs: 64, outputs: 16, strides: [3, 2], height: 8, width: 11 },
  "images in a group, and two that are left": { batch: 6, inputs: 32, outputs: 32, width: 5, height: 3 },
  "strides of two, images in a group": { batch: 11, inputs: 32, outputs: 16, width: 7, height: 4, strides: [2, 2] },
  "windows as large as the image": { inputs: 32, outputs: 32, same: false, taps: 5, width: 5 },
};

describeOwnOps("a convolution and its gradients", () => {
  test.each(Object.entries(cases))("%s: as exact as float32, beside double precision", (_, of) => {
    for (const error of Object.values(errorsOf(problemOf(of)))) expect(error).toBeLessThan(4e-7);
  });

  test.each([
    ["of very different size", (at: number) => 10 ** ((at % 13) - 6)],
    ["that are small", () => 1e-20],
    ["of which parts are below the normal ones", () => 1e-33],
    ["that are large", () => 1e30],
  ])("numbers %s are as exact", (_, sizeOf) => {
    const problem = problemOf({ inputs: 32, outputs: 32, sizeOf });
    const { y, x, bias } = errorsOf(problem);
    for (const error of [y, x, bias]) expect(error).toBeLessThan(4e-7);
  });

  test("sums over thousands of like pixels are as exact: the backgrounds of pictures", () => {
    const problem = problemOf({ batch: 8, height: 28, width: 28, inputs: 1, outputs: 16 });
    const x = problem.data.x.map((value, at) => (at % 784 < 500 ? -0.81 : value));
    const { filter, bias } = errorsOf({ ...problem, data: { ...problem.data, x } });
    for (const error of [filter, bias]) expect(error).toBeLessThan(4e-7);
  });

  test.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])(
    "%s reaches what sees it, as it is, and nothing else",
    (value) => {
      for (const inputs of [16, 32]) {
        const problem = problemOf({ inputs, outputs: 32, height: 6, width: 9 });
        const filter = Float32Array.from(problem.data.filter, (weight) => Math.abs(weight) + 0.1);
        const [x, dy] = [problem.data.x.slice(), problem.data.dy.slice()];
        x[inputs * 12 + 3] = value;
        dy[32 * 30 + 5] = value;
        const wild = { ...problem, data: { x, filter, dy } };
        const exact = exactly(wild);
        const own = ours(wild);
        for (const name of ["y", "x"] as const) {
          const expected = Array.from(exact[name].values, (sum) => (Number.isFinite(sum) ? 0 : sum));
          expect(Array.from(own[name], (sum) => (Number.isFinite(sum) ? 0 : sum))).toEqual(expected);
        }
        expect(Number.isFinite(own.bias[5])).toBe(false);
        expect(Number.isFinite(own.bias[6])).toBe(true);
      }
    },
  );

  test.each<[string, Case]>([
    ["in tiles", { inputs: 32, outputs: 32 }],
    ["in vectors", { inputs: 3, outputs: 17, width: 9 }],
    ["with strides", { inputs: 32, outputs: 64, strides: [2, 2], height: 7 }],
    ["where a pixel has no tap", { inputs: 32, outputs: 64, taps: 1, strides: [2, 2] }],
    ["of numbers that have no parts", { inputs: 32, outputs: 32, sizeOf: () => 1e-33 }],
  ])("what is added to the gradient by input, %s, comes to it once", (_, of) => {
    const problem = problemOf(of);
    const added = Float32Array.from(problem.data.x, (value, at) => 3 * value + Math.cos(at));
    const [alone, both] = [ours(problem).x, ours(problem, undefined, added).x];
    const differences = Array.from(both, (sum, at) => sum - Math.fround((alone[at] as number) + (added[at] as number)));
    expect(differences.filter((difference) => difference !== 0)).toEqual([]);
  });

  test("a product beyond the largest float is infinite", () => {
    const problem = problemOf({ inputs: 32, outputs: 32, sizeOf: () => 1e30 });
    const filter = Float32Array.from(problem.data.filter, (weight) => (Math.abs(weight) + 1) * 1e30);
    const x = Float32Array.from(problem.data.x, Math.abs);
    const own = ours({ ...problem, data: { ...problem.data, x, filter } });
    expect(own.y.every((value) => value === Number.POSITIVE_INFINITY)).toBe(true);
  });

  test("fewer parts are as exact as they say where there are tiles, and all of a float elsewhere", () => {
    const problem = problemOf({ inputs: 32, outputs: 32 });
    const hasTiles = nativeBackend()?.hasTiles;
    for (const [parts, digits] of [
      [2, 2 ** -14],
      [1, 2 ** -6],
    ] as const) {
      for (const name of ["y", "x", "filter"]) {
        const error = errorsOf(problem, parts)[name] as number;
        expect(error).toBeLessThan(hasTiles ? digits : 4e-7);
        if (hasTiles) expect(error).toBeGreaterThan(4e-7);
      }
    }
  });
});
