import { philox } from "../../../src/runtime/philox";
import { startRuntime } from "../../../src/runtime/start-runtime";
import { statelessNormal, statelessUniform } from "../../../src/runtime/stateless-random";
import type { tf } from "../../../src/runtime/tf";
import { describeEachDevice, describeNative } from "../../helpers/runtime";

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

test("philox gives the known answers of Random123 (kat_vectors, philox4x32-10)", () => {
  expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  const ones = 0xffffffff;
  expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
  expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

describeEachDevice("stateless random", () => {
  test("uniform numbers fill [0, 1) evenly", () => {
    const values = numbers(statelessUniform([100, 1000], [1, 2]));
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(1);
    // Standard errors with 1e5 draws: 0.0009 of the mean, 0.00024 of the variance; five of each.
    expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(0.0046);
    expect(Math.abs(variance(values) - 1 / 12)).toBeLessThan(0.0012);
  });

  test("normal numbers have mean 0 and variance 1", () => {
    const values = numbers(statelessNormal([100_000], [3, 4]));
    // Standard errors: 0.0032 of the mean, 0.0045 of the variance.
    expect(Math.abs(mean(values))).toBeLessThan(0.016);
    expect(Math.abs(variance(values) - 1)).toBeLessThan(0.023);
  });

  test("depends on both seeds and on nothing else", () => {
    const first = numbers(statelessUniform([9], [5, 6]));
    expect(numbers(statelessUniform([9], [5, 6]))).toEqual(first);
    expect(numbers(statelessUniform([9], [5, 7]))).not.toEqual(first);
    expect(numbers(statelessUniform([9], [6, 6]))).not.toEqual(first);
  });

  test("gives float32 of the shape asked for, also an empty one", () => {
    expect(statelessUniform([2, 0, 3], [1, 1]).shape).toEqual([2, 0, 3]);
    expect(statelessNormal([], [1, 1]).shape).toEqual([]);
    expect(statelessNormal([2, 3], [1, 1]).dtype).toBe("float32");
  });
});

describeNative("stateless random agrees across devices", () => {
  test.each([
    [7, 1],
    [-3, 99],
    [2147483647, -2147483648],
  ] as const)("for seeds %d and %d", async (a, b) => {
    const drawn = {
      uniform: numbers(statelessUniform([301], [a, b])),
      normal: numbers(statelessNormal([301], [a, b])),
    };
    await startRuntime("js");
    try {
      expect(numbers(statelessUniform([301], [a, b]))).toEqual(drawn.uniform);
      const normal = numbers(statelessNormal([301], [a, b]));
      const differences = normal.map((value, index) => Math.abs(value - (drawn.normal[index] as number)));
      expect(Math.max(...differences)).toBeLessThan(2e-6);
    } finally {
      await startRuntime("cpu");
    }
  });
});
