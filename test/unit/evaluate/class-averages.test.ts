import { classAverages } from "../../../src/evaluate/class-averages";
import { classFigures } from "../../../src/evaluate/class-figures";

test("by hand: a class that never occurs and is never predicted does not count", () => {
  const matrix = [
    [2, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
  ];
  const averages = classAverages(matrix, classFigures(matrix, ["cat", "dog", "bird"]));
  expect(averages.macro).toEqual({
    precision: (2 / 3 + 1 / 2) / 2,
    recall: (2 / 3 + 1 / 2) / 2,
    f1: (2 / 3 + 1 / 2) / 2,
  });
  expect(averages.weighted.recall).toBeCloseTo(3 / 5, 12);
  expect(averages.balancedAccuracy).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
  // (2 * 1 - 1 * 1) / sqrt(3 * 3 * 2 * 2), Matthews's of two classes.
  expect(averages.matthewsCorrelation).toBeCloseTo(1 / 6, 12);
});

test("a correlation where only one class is ever predicted is 0", () => {
  const matrix = [
    [3, 0],
    [2, 0],
  ];
  expect(classAverages(matrix, classFigures(matrix, ["a", "b"])).matthewsCorrelation).toBe(0);
});
