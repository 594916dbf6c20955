import type { TrainingEvent } from "../../../src/train/events";
import { RunForecast } from "../../../src/train/run-forecast";
import { ThinnedList } from "../../../src/train/thinned-list";

const start = (resumedFrom: { epoch: number; step: number } | null = null): TrainingEvent => ({
  type: "start",
  device: "js",
  engine: "eager",
  precision: "float32",
  resumedFrom,
  epochs: 4,
  stepsPerEpoch: 10,
  examples: { train: 100, validation: 0, test: 0 },
  outputs: ["y"],
  task: "regression",
  inputs: "vector",
  parameters: 1,
});
const step = (epoch: number, stepInEpoch: number): TrainingEvent => ({
  type: "step",
  epoch,
  step: (epoch - 1) * 10 + stepInEpoch,
  stepInEpoch,
  examples: 10 * stepInEpoch,
  loss: 1,
  metrics: { loss: 1 },
  learningRate: 0.1,
  examplesPerSecond: 50,
});
const epoch = (number: number): TrainingEvent => ({
  type: "epoch",
  epoch: number,
  step: 10 * number,
  metrics: { loss: 1 },
  learningRate: 0.1,
  seconds: 1,
  examplesPerSecond: 50,
  isBest: true,
});

test("by the steps at first, by whole epochs later", () => {
  let now = 0;
  const forecast = new RunForecast(() => now);
  forecast.handle(start());
  expect(forecast.secondsLeft).toBeUndefined();
  now = 2;
  forecast.handle(step(1, 5));
  // 5 steps in 2 s; 35 are left.
  expect(forecast.secondsLeft).toBeCloseTo(14, 10);
  expect(forecast.fraction).toBeCloseTo(5 / 40, 10);
  expect(forecast.examplesPerSecond).toBe(50);
  // With validation the epoch has taken 6 s: 3 more of them.
  now = 6;
  forecast.handle(epoch(1));
  expect(forecast.secondsLeft).toBeCloseTo(18, 10);
  now = 7;
  expect(forecast.secondsLeft).toBeCloseTo(17, 10);
});

test("an epoch that an earlier process began tells nothing of a whole one", () => {
  let now = 0;
  const forecast = new RunForecast(() => now);
  forecast.handle(start({ epoch: 2, step: 28 }));
  expect(forecast.fraction).toBeCloseTo(28 / 40, 10);
  now = 1;
  forecast.handle(step(3, 9));
  expect(forecast.secondsLeft).toBeCloseTo(11, 10);
  forecast.handle(epoch(3));
  expect(forecast.secondsLeft).toBeUndefined();
});

test("a curve of any length keeps its shape in a bounded number of points", () => {
  const list = new ThinnedList(8);
  for (let value = 0; value < 1000; value++) {
    list.add(value);
    expect(list.values.length).toBeLessThan(8);
  }
  const width = list.valuesPerPoint;
  // Each point is the mean of the next `width` values: a line of that slope.
  expect(list.values).toEqual(list.values.map((_, index) => index * width + (width - 1) / 2));
});
