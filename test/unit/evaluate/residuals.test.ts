import { residualsOf } from "../../../src/evaluate/residuals";

test("mean, spread, quantiles and histogram by hand", () => {
  // Residuals 1, -1, 0, 4: mean 1, squares 0 4 1 9.
  const result = residualsOf(Float64Array.of(2, 2, 3, 9), Float64Array.of(1, 3, 3, 5));
  expect(result.mean).toBe(1);
  expect(result.standardDeviation).toBeCloseTo(Math.sqrt(14 / 3), 12);
  expect(result.quantiles.find(({ at }) => at === 0.25)?.value).toBe(-0.25);
  expect(result.quantiles.find(({ at }) => at === 1)?.value).toBe(4);
  expect(result.points).toEqual([
    [1, 1],
    [3, -1],
    [3, 0],
    [5, 4],
  ]);
  // Freedman and Diaconis: quartiles -0.25 and 1.75, so bins of 2 * 2 / cbrt(4) = 2.52: two for a range of 5; 1.5 is the border.
  expect(result.histogram).toEqual({ edges: [-1, 1.5, 4], counts: [3, 1] });
});

test("many: at most 500 points and 40 bins, which hold all", () => {
  const truth = Float64Array.from({ length: 10_001 }, (_, index) => Math.sin(index) ** 9);
  const { points, histogram } = residualsOf(truth, new Float64Array(10_001));
  expect(points.length).toBeLessThanOrEqual(500);
  expect(points.length).toBeGreaterThan(400);
  expect(histogram.counts).toHaveLength(40);
  expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(10_001);
});

test("one example, and residuals that never vary", () => {
  expect(residualsOf(Float64Array.of(3), Float64Array.of(1))).toMatchObject({
    standardDeviation: null,
    histogram: { edges: [2, 2], counts: [1] },
  });
});
