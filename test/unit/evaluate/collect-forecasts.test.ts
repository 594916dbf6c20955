import { ForecastCollector } from "../../../src/evaluate/collect-forecasts";

/** Two targets over six rows; windows of two rows, of which the next two are predicted. */
const rows = { names: ["a", "b"], values: Float32Array.from([1, 10, 2, 20, 4, 40, 7, 70, 5, 50, 6, 60]) };
const inputs = {
  kind: "window" as const,
  count: 3,
  names: ["other"],
  length: 2,
  values: new Float32Array(6),
  starts: Int32Array.of(0, 1, 2),
};
const common = { inputs, rows, stride: 1, seed: 1, origin: (example: number) => `window ${example}` };

test("errors by step and over all, in original units, beside forecasts without a model", () => {
  const collector = new ForecastCollector({
    ...common,
    count: 2,
    horizon: 2,
    // The model's numbers are tenths.
    toOriginal: (values) => Float32Array.from(values, (value) => 10 * value),
  });
  // Windows 0 and 2; truth a: 4 7 and 5 6, b: 40 70 and 50 60. Predicted a: 5 5 and 5 8, b: 40 80 and 40 60.
  collector.add(Int32Array.of(0, 2), [], Float32Array.from([0.5, 4, 0.5, 8, 0.5, 4, 0.8, 6]));
  const { details, confidence } = collector.results();
  if (details.kind !== "forecasts") throw new Error(details.kind);
  const { targets, horizon } = details;
  expect(horizon).toBe(2);
  const [a, b] = targets;
  expect(a).toMatchObject({ name: "a", mae: (1 + 2 + 0 + 2) / 4, rmse: Math.sqrt((1 + 4 + 0 + 4) / 4) });
  expect(a?.steps).toEqual([
    { mae: 0.5, rmse: Math.sqrt(0.5) },
    { mae: 2, rmse: 2 },
  ]);
  expect(b).toMatchObject({ name: "b", mae: 5, rmse: Math.sqrt(200 / 4) });
  // The last values are 2 and 7, the last two 1 2 and 4 7.
  expect(a?.naive.lastValue.mae).toBe((2 + 5 + 2 + 1) / 4);
  expect(a?.naive.lastHorizon?.mae).toBe((3 + 5 + 1 + 1) / 4);
  // Errors of a: 1 -2, 0 2.
  expect(a?.bias).toBe(1 / 4);
  // Two windows are too few to say anything of others.
  expect(confidence).toBeNull();
  expect(a?.samples).toEqual([
    { origin: "window 0", example: 0, isWorst: false, mae: 1.5, before: [1, 2], truth: [4, 7], predicted: [5, 5] },
    { origin: "window 2", example: 2, isWorst: false, mae: 1, before: [4, 7], truth: [5, 6], predicted: [5, 8] },
    { origin: "window 0", example: 0, isWorst: true, mae: 1.5, before: [1, 2], truth: [4, 7], predicted: [5, 5] },
  ]);
});

test("a window that is shorter than the horizon has no last values to repeat", () => {
  const collector = new ForecastCollector({
    ...common,
    count: 1,
    horizon: 3,
    toOriginal: (values) => Float32Array.from(values),
  });
  collector.add(Int32Array.of(0), [], new Float32Array(6));
  expect(collector.results().details).toMatchObject({ targets: [{ naive: { lastHorizon: null } }, {}] });
});

test("blocks of windows twice the horizon long are drawn whole", () => {
  const rowsOf = (value: (row: number) => number) => ({
    names: ["a"],
    values: Float32Array.from({ length: 70 }, (_, row) => value(row)),
  });
  const count = 60;
  const intervals = (value: (row: number) => number) => {
    const collector = new ForecastCollector({
      ...common,
      inputs: { ...inputs, count, starts: Int32Array.from({ length: count }, (_, index) => index) },
      rows: rowsOf(value),
      horizon: 2,
      count,
      toOriginal: (values) => Float32Array.from(values),
    });
    const examples = Int32Array.from({ length: count }, (_, index) => index);
    // Always 0 is forecast, so that the error is the value.
    collector.add(examples, [], new Float32Array(2 * count));
    return collector.results().confidence;
  };
  // Blocks of four windows; a pattern that repeats within a block is the same in each.
  expect(intervals((row) => row % 4)).toMatchObject({ unit: "block of windows", units: 15, figures: [] });
  // Blocks' means are 1.25 and 2.75 by turns: 4 * 0.75 / sqrt(15) is 0.77; of 60 windows by themselves it would be 0.45.
  const [mae] = intervals((row) => (Math.floor((row + 2) / 4) % 2 === 0 ? 1 : 3))?.figures ?? [];
  expect(mae).toMatchObject({ figure: "mae", target: "a" });
  expect((mae?.high ?? 0) - (mae?.low ?? 0)).toBeGreaterThan(0.6);
});
