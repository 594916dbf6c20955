import { sumsOf } from "../../../src/data/content-sums";
import type { ExampleInputs, ExampleSet, ExampleTargets, SplitIndices } from "../../../src/data/example-set";
import { dataWarnings } from "../../../src/train/data-warnings";

const set = (inputs: ExampleInputs, targets?: ExampleTargets): ExampleSet => ({
  inputs,
  targets: targets ?? { kind: "class", labels: ["a", "b"], indices: new Int32Array(inputs.count) },
  count: inputs.count,
  ownSplit: () => undefined,
  origin: (index) => `row ${index}`,
  warnings: [],
});
const splits = (train: number[], validation: number[] = [], test: number[] = []): SplitIndices => ({
  train: Int32Array.from(train),
  validation: Int32Array.from(validation),
  test: Int32Array.from(test),
});
const texts = (...list: string[]): ExampleInputs => ({ kind: "text", count: list.length, text: (i) => list[i] ?? "" });

test("equal contents in training and in a split that measures it, with an example of each", () => {
  const list = ["hi", "there", "hi", "you", "there"];
  const sums = sumsOf(list.length, (index, hash) => hash.update(list[index] as string));
  expect(dataWarnings(set(texts(...list)), splits([0, 1], [2, 3], [4]), sums)).toEqual([
    expect.stringMatching(/^1 example has the same content in the validation split as in training.*: row 2 is row 0$/),
    expect.stringMatching(/^1 example has the same content in the test split as in training.*: row 4 is row 1$/),
  ]);
  expect(dataWarnings(set(texts(...list)), splits([0, 1, 2, 4], [3]), sums)).toEqual([]);
  // Files that could not be read have no sum, and are not each other's copies.
  expect(dataWarnings(set(texts(...list)), splits([0], [1]), new Uint8Array(sums.length))).toEqual([]);
});

test("features that are the same in all of training, whatever they are elsewhere", () => {
  const values = Float32Array.of(1, 5, 2, 1, 6, 2, 1, 7, 3);
  const vectors = set({ kind: "vector", count: 3, names: ["bias", "x", "rest"], values });
  expect(dataWarnings(vectors, splits([0, 1], [2]), undefined)).toEqual([
    "the same in all training examples, so that nothing can be learned from it: bias, rest",
  ]);
  expect(dataWarnings(vectors, splits([0], [2]), undefined)).toEqual([]);
});

test("targets whose squares are beyond float32", () => {
  const inputs: ExampleInputs = { kind: "vector", count: 2, names: ["x"], values: Float32Array.of(1, 2) };
  const targets = (...values: number[]): ExampleTargets => ({
    kind: "values",
    names: ["small", "large"],
    values: Float32Array.from(values),
  });
  expect(dataWarnings(set(inputs, targets(1, 1e18, 1, -1.8e19)), splits([0], [1]), undefined)).toEqual([]);
  expect(dataWarnings(set(inputs, targets(1, 1e18, 1, -1.9e19)), splits([0], [1]), undefined)).toEqual([
    expect.stringMatching(/^large has values up to 1\.90e\+19: /),
  ]);
});
