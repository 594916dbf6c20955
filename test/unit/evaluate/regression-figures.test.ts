import { regressionFigures } from "../../../src/evaluate/regression-figures";

test("by hand, for one of two targets", () => {
  // Target y: truth 1, 2, 6 (mean 3, variation 4 + 1 + 9 = 14); predicted 2, 2, 4 (errors 1, 0, -2).
  const truth = Float32Array.of(0, 1, 0, 2, 0, 6);
  const predicted = Float32Array.of(9, 2, 9, 2, 9, 4);
  const { mae, rmse, r2 } = regressionFigures("y", truth, predicted, 1, 2);
  expect(mae).toBeCloseTo(1, 12);
  expect(rmse).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(r2).toBeCloseTo(1 - 5 / 14, 12);
});

test("R2 is 1 for perfection, 0 for always the mean, and not defined where nothing varies", () => {
  const truth = Float32Array.of(1, 2, 3);
  expect(regressionFigures("y", truth, truth, 0, 1).r2).toBe(1);
  expect(regressionFigures("y", truth, Float32Array.of(2, 2, 2), 0, 1).r2).toBe(0);
  expect(regressionFigures("y", Float32Array.of(2, 2), Float32Array.of(2, 3), 0, 1).r2).toBeNull();
});

test("values far from 0 lose nothing to cancellation", () => {
  const truth = Float32Array.from({ length: 100 }, (_, index) => 1e6 + (index % 4));
  expect(
    regressionFigures(
      "y",
      truth,
      truth.map((value) => value + 1),
      0,
      1,
    ).r2,
  ).toBeCloseTo(1 - 1 / 1.25, 9);
});
