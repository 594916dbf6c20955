import {
  clipGradients,
  type GradientClipping,
  gradientClippingSchema,
} from "../../../src/optimization/gradient-clipping";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice } from "../../helpers/runtime";

function clip(clipping: GradientClipping | undefined, gradients: number[][]): number[][] {
  return tf.tidy(() => {
    const tensors = gradients.map((gradient) => tf.tensor1d(gradient));
    return clipGradients(clipping, tensors).map((gradient) => Array.from(gradient.dataSync()));
  });
}

function close(found: number[][], expected: number[][]) {
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const exact = expected.flat();
  for (const [index, value] of found.flat().entries()) expect(value).toBeCloseTo(exact[index] as number, 6);
}

describeEachDevice("clipGradients", () => {
  // Norms 5 and 1; together the root of 26.
  const gradients = [
    [3, -4],
    [0.6, 0.8],
  ];

  test("by value: each element", () => {
    close(clip({ value: 0.7 }, gradients), [
      [0.7, -0.7],
      [0.6, 0.7],
    ]);
  });

  test("by norm: each gradient that is longer keeps its direction", () => {
    close(clip({ norm: 2 }, gradients), [
      [1.2, -1.6],
      [0.6, 0.8],
    ]);
  });

  test("by the norm of all: all by one factor", () => {
    const factor = 2 / Math.sqrt(26);
    const shortened = gradients.map((row) => row.map((value) => value * factor));
    close(clip({ globalNorm: 2 }, gradients), shortened);
    close(clip({ globalNorm: 6 }, gradients), gradients);
  });

  test("zeros stay zeros, and without clipping nothing changes", () => {
    expect(clip({ norm: 1 }, [[0, 0]])).toEqual([[0, 0]]);
    close(clip(undefined, gradients), gradients);
  });
});

test("exactly one limit is taken", () => {
  expect(gradientClippingSchema.safeParse({ norm: 1 }).success).toBe(true);
  for (const wrong of [{}, { norm: 1, value: 1 }, { norm: 0 }, { norm: "1" }, { clip: 1 }]) {
    expect(gradientClippingSchema.safeParse(wrong).success).toBe(false);
  }
});
