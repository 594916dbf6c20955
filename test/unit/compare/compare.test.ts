import type { NamedTensor } from "../../../src/checkpoint/model-weights";
import type { Comparable } from "../../../src/compare/comparable";
import { compare } from "../../../src/compare/compare";
import { compareHistories } from "../../../src/compare/compare-histories";
import { compareWeights } from "../../../src/compare/compare-weights";
import { differingValues } from "../../../src/shared/differing-values";
import type { HistoryEntry } from "../../../src/train/history";

const tensor = (name: string, shape: number[], ...data: number[]): NamedTensor => ({
  name,
  shape,
  data: Float32Array.from(data),
});
const entry = (epoch: number, loss: number): HistoryEntry => ({
  epoch,
  step: 7 * epoch,
  metrics: { loss },
  learningRate: 0.1,
  seconds: Math.random(),
});

test("values differ by place: keys of either, positions, types", () => {
  const a = { same: [1, { x: null }], epochs: 3, layers: [{ units: 8 }], onlyA: true };
  const b = { same: [1, { x: null }], epochs: "3", layers: [{ units: 9 }, { type: "dense" }] };
  expect(differingValues(a, b)).toEqual([
    { path: ["epochs"], a: 3, b: "3" },
    { path: ["layers", 0, "units"], a: 8, b: 9 },
    { path: ["layers", 1], a: undefined, b: { type: "dense" } },
    { path: ["onlyA"], a: true, b: undefined },
  ]);
  expect(differingValues(a, structuredClone(a))).toEqual([]);
  expect(differingValues(JSON.parse('{"__proto__": 1}'), {})).toEqual([{ path: ["__proto__"], a: 1, b: undefined }]);
});

test("weights differ by name: how many numbers, by how much at most", () => {
  const a = [tensor("d/kernel", [2, 2], 1, 2, 3, -4), tensor("d/bias", [2], 0, 1), tensor("gone", [1], 1)];
  const b = [tensor("d/kernel", [2, 2], 1, 2.5, 3, -4.25), tensor("d/bias", [2], 0, 1), tensor("new", [3], 1, 2, 3)];
  expect(compareWeights(a, b)).toEqual([
    { name: "d/kernel", kind: "values", differing: 2, size: 4, maxDifference: 0.5, largest: 4.25 },
    { name: "gone", kind: "onlyInA", shape: [1] },
    { name: "new", kind: "onlyInB", shape: [3] },
  ]);
  expect(compareWeights([tensor("w", [2], 1, 2)], [tensor("w", [1, 2], 1, 2)])).toEqual([
    { name: "w", kind: "shape", a: [2], b: [1, 2] },
  ]);
  expect(compareWeights([tensor("w", [1], 0)], [tensor("w", [1], -0)])).toMatchObject([{ differing: 1 }]);
  expect(compareWeights([tensor("w", [1], Number.NaN)], [tensor("w", [1], Number.NaN)])).toEqual([]);
});

test("histories differ from an epoch on, or by their length; seconds don't count", () => {
  expect(compareHistories([entry(1, 0.5), entry(2, 0.4)], [entry(1, 0.5), entry(2, 0.3)])).toEqual({
    epochs: { a: 2, b: 2 },
    firstEpoch: 2,
    figures: [{ name: "loss", a: 0.4, b: 0.3 }],
  });
  expect(compareHistories([entry(1, 0.5)], [entry(1, 0.5), entry(2, 0.3)])).toMatchObject({ firstEpoch: null });
  expect(compareHistories([entry(1, Number.NaN)], [entry(1, Number.NaN)])).toBeUndefined();
});

test("a device or a version is no difference, and is told", () => {
  const comparable: Comparable = {
    path: "a",
    state: "finished",
    config: { seed: 1 },
    data: { sum: "x", task: "classification" },
    preprocessing: null,
    topology: {},
    weights: [tensor("w", [1], 1)],
    metrics: { loss: 1 },
    history: [entry(1, 0.5)],
    environment: { device: "cpu", node: "20" },
  };
  const other = { ...comparable, environment: { device: "js", node: "20" } };
  expect(compare(comparable, other)).toMatchObject({
    isEqual: true,
    weightCounts: { equal: 1, all: 1 },
    environment: [{ path: ["device"], a: "cpu", b: "js" }],
  });
  // An unfinished run knows less: what only one of the two can tell is no difference.
  const run = { ...comparable, state: "unfinished", data: { sum: "x" }, topology: undefined, metrics: {} } as const;
  expect(compare(comparable, run).isEqual).toBe(true);
  expect(compare(comparable, { ...run, data: { sum: "y" } })).toMatchObject({
    isEqual: false,
    data: [{ path: ["sum"], a: "x", b: "y" }],
  });
});
