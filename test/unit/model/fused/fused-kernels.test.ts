import { attend, attendPacked, type Heads } from "../../../../src/model/custom-layers/attention";
import type { AttentionConditions, FusedKernels } from "../../../../src/model/custom-layers/fused-kernels";
import { gelu } from "../../../../src/model/custom-layers/gelu";
import { causalBias, paddingBias } from "../../../../src/model/custom-layers/masks";
import { normalizeExamples } from "../../../../src/model/custom-layers/normalize-examples";
import { rotary, rotaryTable } from "../../../../src/model/custom-layers/rotary";
import { fusedKernels } from "../../../../src/model/fused/fused-kernels";
import { type NativeOps, nativeBackend } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

type Compute = (...inputs: tf.Tensor[]) => tf.Tensor;

const uniform = (shape: number[], seed: number, range = 2) => tf.randomUniform(shape, -range, range, "float32", seed);

/** Value, and gradients of all inputs for one random gradient of the value. */
function differentiate(compute: Compute, inputs: tf.Tensor[]): Float32Array[] {
  return tf.tidy(() => {
    const dy = uniform(compute(...inputs).shape, 99);
    const { value, grads } = tf.valueAndGrads((...given) => tf.sum(tf.mul(compute(...given), dy)))(inputs);
    return [compute(...inputs), value, ...grads].map((tensor) => tensor.dataSync() as Float32Array);
  });
}

/** The largest difference of each result, as a share of the largest number of it (at least 1). */
function differences(fused: Compute, plain: Compute, inputs: tf.Tensor[]): number[] {
  const [a, b] = [differentiate(fused, inputs), differentiate(plain, inputs)];
  tf.dispose(inputs);
  return a.map((values, index) => {
    const others = b[index] as Float32Array;
    expect(values.length).toBe(others.length);
    const scale = others.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
    return (
      values.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (others[at] as number))), 0) / scale
    );
  });
}

function expectClose(all: number[], tolerance = 5e-7): void {
  const [value = 1, , ...gradients] = all;
  expect(value).toBeLessThan(tolerance);
  for (const gradient of gradients) expect(gradient).toBeLessThan(2e-6);
}

/** Attention of one head of `[steps, 3, width]`. */
function attentionInDouble(packed: Float32Array, steps: number, width: number): Float64Array {
  const at = (step: number, part: number, index: number) => packed[(step * 3 + part) * width + index] as number;
  const result = new Float64Array(steps * width);
  for (let query = 0; query < steps; query++) {
    const shares = Array.from({ length: steps }, (_, key) => {
      let score = 0;
      for (let index = 0; index < width; index++) score += at(query, 0, index) * at(key, 1, index);
      return Math.exp(score / Math.sqrt(width));
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (let index = 0; index < width; index++) {
      result[query * width + index] = shares.reduce((sum, share, key) => sum + share * at(key, 2, index), 0) / total;
    }
  }
  return result;
}

describeOwnOps("fused kernels compute and differentiate as the plain ones", () => {
  const fused = () => fusedKernels() as FusedKernels;

  // A width of one vector, parts of one, more than a task's rows, a single number.
  test.each([
    [[3, 16], true],
    [[2, 7, 5], true],
    [[300, 63], true],
    [[4, 1], true],
    [[2, 130], false],
    [[150, 3], false],
  ])("normalization of %j, centred: %s", (shape, isCentred) => {
    const width = shape.at(-1) as number;
    const options = { epsilon: 1e-3, isCentred };
    const weights = [uniform([width], 2), ...(isCentred ? [uniform([width], 3)] : [])];
    const compute = (run: FusedKernels["normalize"]) => (x?: tf.Tensor, gamma?: tf.Tensor, beta?: tf.Tensor) =>
      run(x as tf.Tensor, gamma as tf.Tensor, beta ?? null, options);
    const plain = compute((x, gamma, beta, { epsilon }) =>
      normalizeExamples(tf, x, gamma, beta, { axes: [x.rank - 1], epsilon, isCentred }),
    );
    expectClose(differences(compute(fused().normalize) as Compute, plain as Compute, [uniform(shape, 1), ...weights]));
  });

  test.each([
    ["scale", [true, false]],
    ["shift", [false, true]],
    ["nothing", [false, false]],
  ])("normalization with %s learned", (_, [hasGamma, hasBeta]) => {
    const options = { epsilon: 1e-3, isCentred: true };
    const compute = (run: FusedKernels["normalize"]) => (x?: tf.Tensor, weight?: tf.Tensor) =>
      run(x as tf.Tensor, hasGamma ? (weight as tf.Tensor) : null, hasBeta ? (weight as tf.Tensor) : null, options);
    const plain = compute((x, gamma, beta) =>
      normalizeExamples(tf, x, gamma, beta, { axes: [1], epsilon: 1e-3, isCentred: true }),
    );
    const inputs = [uniform([9, 20], 1), ...(hasGamma || hasBeta ? [uniform([20], 2)] : [])];
    expectClose(differences(compute(fused().normalize) as Compute, plain as Compute, inputs));
  });

  test.each([
    [3, 16, 16],
    [250, 5, 70],
    [1, 37, 1],
    [97, 130, 63],
  ])("product of %i rows of %i numbers with %i columns", (rows, inputs, outputs) => {
    const parts = () => [uniform([rows, inputs], 1), uniform([inputs, outputs], 2), uniform([outputs], 3)];
    const own: Compute = (x, kernel, bias) => fused().dense(x as tf.Tensor, kernel as tf.Tensor, bias);
    const product: Compute = (x, kernel) => tf.matMul(x as tf.Tensor, kernel as tf.Tensor);
    const plain: Compute = (x, kernel, bias) => tf.add(product(x as tf.Tensor, kernel as tf.Tensor), bias as tf.Tensor);
    expectClose(differences(own, plain, parts()));
    expectClose(differences(own, product, parts().slice(0, 2)));
  });

  test.each([
    [3, 16],
    [300, 5],
    [1, 37],
  ])("GELU of %i rows of %i numbers and a bias", (rows, width) => {
    const plain: Compute = (x, bias) => gelu(tf, tf.add(x as tf.Tensor, bias as tf.Tensor));
    const own: Compute = (x, bias) => fused().biasGelu(x as tf.Tensor, bias);
    // Up to 6 the tail still has a normal number's size.
    expectClose(differences(own, plain, [uniform([rows, width], 1, 6), uniform([width], 2)]));
    const withoutBias: Compute = (x) => fused().biasGelu(x as tf.Tensor, undefined);
    expectClose(differences(withoutBias, (x) => gelu(tf, x as tf.Tensor), [uniform([rows, width], 1, 6)]));
  });

  test("GELU's tail is exact to seven digits of itself, where the plain form has none left", () => {
    const values = tf.tidy(() =>
      fused()
        .biasGelu(tf.tensor2d([[-5, -3, 0, 3]]), undefined)
        .dataSync(),
    );
    // x Phi(x) with Phi(-5) = 2.866515719e-7 and Phi(-3) = 1.349898032e-3.
    [-1.43325786e-6, -4.0496941e-3, 0, 2.995950306].forEach((exact, index) => {
      expect(Math.abs((values[index] as number) - exact)).toBeLessThanOrEqual(1e-6 * Math.abs(exact));
    });
  });

  /** Scores are rounded before they become exponents, in the plain kernel as in ours. */
  const twoRoundings = 1e-6;

  interface Case {
    readonly batch: number;
    readonly queries: number;
    readonly keys?: number;
    readonly heads: number;
    readonly width: number;
    readonly valueWidth?: number;
    readonly isCausal?: boolean;
    /** Examples end in so many steps of padding, and the last one is nothing else. */
    readonly padding?: number;
    readonly isDropped?: boolean;
    readonly isRotary?: boolean;
  }

  const cases: Case[] = [
    { batch: 2, queries: 16, heads: 2, width: 16 },
    { batch: 1, queries: 1, heads: 1, width: 1 },
    { batch: 3, queries: 37, heads: 3, width: 5 },
    { batch: 2, queries: 70, heads: 2, width: 24, isCausal: true },
    { batch: 2, queries: 33, heads: 1, width: 40, isCausal: true, isRotary: true },
    { batch: 3, queries: 19, heads: 2, width: 8, padding: 5 },
    { batch: 3, queries: 35, heads: 2, width: 6, padding: 4, isCausal: true, isDropped: true, isRotary: true },
    { batch: 2, queries: 17, heads: 2, width: 4, isDropped: true },
    { batch: 2, queries: 64, heads: 2, width: 16, isDropped: true },
    { batch: 1, queries: 100, heads: 1, width: 32, padding: 40 },
    { batch: 2, queries: 65, heads: 1, width: 64, padding: 7, isCausal: true, isDropped: true },
    { batch: 1, queries: 96, heads: 1, width: 17, isCausal: true },
  ];

  function conditionsOf({ batch, queries, keys = queries, heads, width, ...options }: Case) {
    const mask =
      options.padding === undefined
        ? undefined
        : tf.tensor2d(
            Array.from({ length: batch * keys }, (_, index) => {
              const isLast = index >= (batch - 1) * keys;
              return Number(!isLast && index % keys < keys - (options.padding as number));
            }),
            [batch, keys],
            "bool",
          );
    const drop = options.isDropped
      ? tf.mul(tf.cast(tf.greater(uniform([batch, heads, queries, keys], 8), -1), "float32"), 4 / 3)
      : undefined;
    const { isCausal = false, isRotary } = options;
    const steps = Math.max(queries, keys);
    return {
      plain: () => ({
        biases: [...(mask ? [paddingBias(tf, mask)] : []), ...(isCausal ? [causalBias(tf, queries, keys)] : [])],
        drop,
        rotation: isRotary ? rotary(tf, steps, width) : undefined,
      }),
      fused: (): AttentionConditions => ({
        isCausal,
        padding: mask && tf.reshape(paddingBias(tf, mask), [batch, keys]),
        drop,
        rotation: isRotary ? tf.tensor(rotaryTable(steps, width), [2, steps, width]) : undefined,
      }),
    };
  }

  test.each(cases)("packed attention: %j", (each) => {
    const { batch, queries, heads, width } = each;
    const { plain, fused: conditions } = conditionsOf(each);
    const own: Compute = (packed) => fused().attendPacked(packed as tf.Tensor, conditions());
    const expected: Compute = (packed) => attendPacked(tf, packed as tf.Tensor, plain());
    expectClose(differences(own, expected, [uniform([batch, queries, 3, heads, width], 1)]), twoRoundings);
  });

  test.each([
    ...cases.slice(2, 5),
    { batch: 2, queries: 9, keys: 40, heads: 2, width: 7, valueWidth: 18 },
    { batch: 3, queries: 40, keys: 5, heads: 1, width: 16, valueWidth: 3, padding: 2, isDropped: true },
  ] as Case[])("attention of three tensors: %j", (each) => {
    const { batch, queries, keys = queries, heads, width, valueWidth = width } = each;
    const { plain, fused: conditions } = conditionsOf(each);
    const own: Compute = (...parts) => fused().attend(parts as unknown as Heads, conditions());
    const expected: Compute = (...parts) => attend(tf, parts as unknown as Heads, plain());
    const inputs = [
      uniform([batch, queries, heads, width], 1),
      uniform([batch, keys, heads, width], 2),
      uniform([batch, keys, heads, valueWidth], 3),
    ];
    expectClose(differences(own, expected, inputs), twoRoundings);
  });

  test.each([
    [37, 5],
    [65, 64],
    [128, 16],
  ])("attention of %i steps of %i numbers is as exact as the plain one, beside double precision", (steps, width) => {
    tf.tidy(() => {
      const packed = uniform([1, steps, 3, 1, width], 1);
      const each = { batch: 1, queries: steps, heads: 1, width };
      const exact = attentionInDouble(packed.dataSync() as Float32Array, steps, width);
      const errorOf = (values: Float32Array) =>
        Math.sqrt(values.reduce((sum, value, at) => sum + (value - (exact[at] as number)) ** 2, 0) / values.length);
      const plain = attendPacked(tf, packed, conditionsOf(each).plain()).dataSync() as Float32Array;
      expect(errorOf(attendOnce(packed, each))).toBeLessThan(1.2 * errorOf(plain));
    });
  });

  const attendOnce = (packed: tf.Tensor, each: Case): Float32Array =>
    tf.tidy(() => fused().attendPacked(packed, conditionsOf(each).fused()).dataSync() as Float32Array);
  const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

  // What is multiplied as parts must keep them where numbers are large or small.
  test.each([2 ** 90, 2 ** -60])("attention of values of size %d", (size) => {
    const each: Case = { batch: 2, queries: 40, heads: 2, width: 16 };
    tf.tidy(() => {
      const [query, key, value] = [1, 2, 3].map((seed) => uniform([2, 40, 1, 2, 16], seed)) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const usual = attendOnce(tf.concat([query, key, value], 2), each);
      const scaled = attendOnce(tf.concat([query, key, tf.mul(value, size)], 2), each);
      const differences = scaled.map((number, index) => number / size - (usual[index] as number));
      expect(largest(differences) / largest(usual)).toBeLessThan(5e-7);
    });
  });

  test("what is no number stays in its example", () => {
    const each: Case = { batch: 3, queries: 35, heads: 2, width: 16 };
    tf.tidy(() => {
      const packed = uniform([3, 35, 3, 2, 16], 1);
      const usual = attendOnce(packed, each);
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
        // A value of the second example's step 4, first head.
        const at = (((35 + 4) * 3 + 2) * 2 + 0) * 16 + 5;
        const values = packed.dataSync().slice() as Float32Array;
        values[at] = wrong;
        const result = attendOnce(tf.tensor(values, packed.shape), each);
        const ofExample = usual.length / 3;
        expect(result.slice(0, ofExample)).toEqual(usual.slice(0, ofExample));
        expect(result.slice(2 * ofExample)).toEqual(usual.slice(2 * ofExample));
        for (let step = 0; step < 35; step++) expect(Number.isFinite(result[ofExample + step * 32 + 5])).toBe(false);
      }
    });
  });

  // 8 and 16 bits of each number where tiles multiply, all of them elsewhere.
  test.each([
    [1, 2 ** -7],
    [2, 2 ** -14],
    [3, 5e-7],
  ])("attention by %i parts of each number", (parts, tolerance) => {
    tf.tidy(() => {
      const native = nativeBackend() as NativeOps;
      const inputs = [uniform([2, 70, 3, 2, 32], 1, 1), tf.zeros([0, 0]), tf.zeros([0, 0, 0, 0]), tf.zeros([0, 0, 0])];
      const attributes = { causal: { bool: true }, parts: { int: parts } };
      const [result] = native.executeOp("DlctlPackedAttention", attributes, inputs, 2) as [tf.Tensor];
      const { plain } = conditionsOf({ batch: 2, queries: 70, heads: 2, width: 32, isCausal: true });
      const expected = attendPacked(tf, inputs[0] as tf.Tensor, plain());
      expect(largest(tf.sub(result, expected).dataSync() as Float32Array)).toBeLessThan(tolerance);
    });
  });

  test("the same bytes each time", () => {
    const run = () => {
      const inputs = [uniform([4, 50, 3, 2, 8], 1)];
      const results = differentiate((packed) => {
        const attended = fused().attendPacked(packed as tf.Tensor, conditionsOf(cases[0] as Case).fused());
        const rows = tf.reshape(attended, [-1, 16]);
        return fused().biasGelu(fused().normalize(rows, null, null, { epsilon: 1e-5, isCentred: true }), undefined);
      }, inputs);
      tf.dispose(inputs);
      return results;
    };
    expect(run()).toEqual(run());
  });
});
