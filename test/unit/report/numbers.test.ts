import { histogramOf } from "../../../src/report/data/histogram-of";
import { formatBytes, formatFigure, formatSeconds } from "../../../src/report/format-number";
import { thin } from "../../../src/report/thin";

test("figures for people", () => {
  expect(
    [0.872, 1, 41.1, 0.01606, 12345.6, 3e-9, -0.5, 1234567890, Number.NaN, null, Infinity].map(formatFigure),
  ).toEqual(["0.8720", "1", "41.1", "0.01606", "12,346", "3.00e-9", "-0.5000", "1.23e+9", "-", "-", "infinite"]);
  expect([0.25, 12.34, 125, 7322].map(formatSeconds)).toEqual(["250 ms", "12.3 s", "2 min 5 s", "2 h 2 min"]);
  expect([12, 1500, 2_500_000].map(formatBytes)).toEqual(["12 bytes", "1.5 kB", "2.5 MB"]);
});

test("thin keeps the ends and spreads the rest", () => {
  const list = Array.from({ length: 101 }, (_, index) => index);
  expect(thin(list, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(thin(list, 101)).toBe(list);
  expect(thin([], 5)).toEqual([]);
});

describe("histogramOf", () => {
  const what = { title: "t", unit: "u" };

  test("whole numbers have a bin each, the largest in the last", () => {
    expect(histogramOf([3, 5, 5, 4, 3, 3], what)).toMatchObject({ edges: [3, 4, 5, 6], counts: [3, 1, 2] });
    expect(histogramOf([7], what)).toMatchObject({ edges: [7, 8], counts: [1] });
  });

  test("many whole numbers share bins of a whole width; nothing is lost", () => {
    const values = Array.from({ length: 1000 }, (_, index) => index);
    const { edges = [], counts = [] } = histogramOf(values, what) ?? {};
    expect(counts.length).toBeLessThanOrEqual(30);
    expect(edges.every(Number.isInteger)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(edges.at(-1)).toBeGreaterThan(999);
  });

  test("others are spread over thirty bins, the largest in the last; what is missing does not count", () => {
    const { edges = [], counts = [] } = histogramOf([0, 0.5, 0.75, 1.5, Number.NaN], what) ?? {};
    expect([edges[0], counts.length]).toEqual([0, 30]);
    expect(edges.at(-1)).toBeCloseTo(1.5, 10);
    expect([counts[0], counts[10], counts[15], counts[29]]).toEqual([1, 1, 1, 1]);
    expect(histogramOf([Number.NaN], what)).toBeUndefined();
  });
});
