import { histogramOf } from "../../../../src/train/tensorboard/histogram";

test("counts in equal buckets, by hand", () => {
  // Of width 1, from 0 to 30; the largest belongs to the last.
  const histogram = histogramOf(Float32Array.of(0, 0.5, 1, 29.5, 30));
  expect(histogram).toMatchObject({ min: 0, max: 30, count: 5, sum: 61, sumOfSquares: 0.25 + 1 + 29.5 ** 2 + 900 });
  expect(histogram?.limits).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  expect(histogram?.counts).toEqual([2, 1, ...new Array(26).fill(0), 0, 2]);
});

test("equal numbers have one bucket, and what is not finite has none", () => {
  expect(histogramOf(Float32Array.of(2, Number.NaN, 2, Number.POSITIVE_INFINITY))).toMatchObject({
    count: 2,
    limits: [2],
    counts: [2],
  });
  expect(histogramOf(Float32Array.of(Number.NaN))).toBeUndefined();
  expect(histogramOf(new Float32Array())).toBeUndefined();
});

test("no number is lost, however close to an edge", () => {
  const values = Float32Array.from({ length: 10_000 }, (_, index) => Math.sin(index) * 1e-3 + 7);
  const histogram = histogramOf(values);
  expect(histogram?.counts.reduce((total, count) => total + count, 0)).toBe(10_000);
  expect(histogram?.limits.at(-1)).toBe(histogram?.max);
});
