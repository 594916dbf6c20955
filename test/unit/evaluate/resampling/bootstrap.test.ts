import { bootstrap } from "../../../../src/evaluate/resampling/bootstrap";
import { countStatistic } from "../../../../src/evaluate/resampling/count-statistic";
import { quantile } from "../../../../src/evaluate/resampling/quantile";
import { randomIntegers } from "../../../../src/evaluate/resampling/random-integers";
import { sumsStatistic } from "../../../../src/evaluate/resampling/sums-statistic";

const meanOf = (values: ArrayLike<number>) =>
  sumsStatistic({
    names: [{ figure: "mean", target: null }],
    units: values.length,
    width: 2,
    add(unit, sums) {
      sums[0] = (sums[0] as number) + 1;
      sums[1] = (sums[1] as number) + (values[unit] as number);
    },
    figures([count = 0, sum = 0], result) {
      result[0] = sum / count;
    },
  });
const intervalOf = (values: ArrayLike<number>, seed = 1, most = 50_000) =>
  bootstrap([meanOf(values)], { unit: "example", units: values.length, seed, most })?.figures[0];

test("a mean's interval is the normal one of n examples (a tenth of its width), of few and of so many that fewer are drawn", () => {
  const random = randomIntegers(7, "values");
  for (const count of [2000, 20_000]) {
    const values = Float64Array.from({ length: count }, () => random(1000) / 1000);
    const found = intervalOf(values, 1, 2000);
    // A uniform number's standard deviation is 1 / sqrt(12).
    const half = 1.96 / Math.sqrt(12 * count);
    expect(Math.abs((found?.value ?? 0) - 0.5)).toBeLessThan(3 * half);
    expect(Math.abs((found?.low ?? 0) - ((found?.value ?? 0) - half))).toBeLessThan(0.2 * half);
    expect(Math.abs((found?.high ?? 0) - ((found?.value ?? 0) + half))).toBeLessThan(0.2 * half);
  }
});

test("the same seed gives the same, another one another; fewer than ten units give none", () => {
  const values = Array.from({ length: 30 }, (_, index) => index % 7);
  expect(intervalOf(values, 3)).toEqual(intervalOf(values, 3));
  expect(intervalOf(values, 3)).not.toEqual(intervalOf(values, 4));
  expect(intervalOf([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeUndefined();
});

test("a figure that is not defined on the examples, or the same in all resamples, has no interval", () => {
  expect(intervalOf(Array.from({ length: 20 }, () => 1))).toBeUndefined();
  expect(intervalOf([...Array.from({ length: 20 }, () => 1), Number.NaN])).toBeUndefined();
});

test("steps of one sequence are drawn together: twice the same steps say no more than once", () => {
  const random = randomIntegers(9, "truth");
  const truth = Int32Array.from({ length: 400 }, () => random(2));
  const predicted = truth.map((label) => (random(10) < 8 ? label : 1 - label));
  const twice = (values: Int32Array) => Int32Array.from({ length: 800 }, (_, index) => values[index >> 1] as number);
  const width = (statistic: ReturnType<typeof countStatistic>, units: number) => {
    const [accuracy] = bootstrap([statistic], { unit: "sequence", units, seed: 2 })?.figures ?? [];
    return (accuracy?.high ?? 0) - (accuracy?.low ?? 0);
  };
  const offsets = Int32Array.from({ length: 401 }, (_, index) => 2 * index);
  const once = width(countStatistic({ truth, predicted, classes: 2, offsets: undefined }), 400);
  const doubled = { truth: twice(truth), predicted: twice(predicted), classes: 2 };
  expect(width(countStatistic({ ...doubled, offsets }), 400)).toBeCloseTo(once, 12);
  // As if they were independent, the interval would be shorter by sqrt(2).
  expect(width(countStatistic({ ...doubled, offsets: undefined }), 800)).toBeLessThan(0.85 * once);
});

test("accuracy, balanced accuracy and macro F1 by hand; a class that neither is nor is predicted does not count", () => {
  // Class 0: 2 of 3 right; 1: 1 of 1, and once said of 0; 2 never; 3 said once of 0.
  const truth = Int32Array.of(0, 0, 0, 1, 0);
  const predicted = Int32Array.of(0, 0, 1, 1, 3);
  const { figures } = countStatistic({ truth, predicted, classes: 4, offsets: undefined });
  const values = Object.fromEntries(figures.map(({ figure, value }) => [figure, value]));
  expect(values.accuracy).toBeCloseTo(3 / 5, 12);
  expect(values.balancedAccuracy).toBeCloseTo((2 / 4 + 1) / 2, 12);
  expect(values.macroF1).toBeCloseTo((4 / 6 + 2 / 3 + 0) / 3, 12);
});

test("quantiles lie between two numbers as in numpy", () => {
  expect(quantile([1, 2, 4], 0.25)).toBe(1.5);
  expect(quantile([1, 2, 4], 1)).toBe(4);
  expect(quantile([5], 0.3)).toBe(5);
});

test("drawn integers fill their range evenly", () => {
  const random = randomIntegers(1, "range");
  const counts = new Int32Array(7);
  for (let index = 0; index < 70_000; index++) {
    const drawn = random(7);
    counts[drawn] = (counts[drawn] as number) + 1;
  }
  // Chi-squared with 6 degrees of freedom is over 22.5 once in a thousand times.
  expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
});
