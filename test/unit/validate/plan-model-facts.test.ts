import { parseConfig } from "../../../src/config/load-config";
import type { ModelFacts } from "../../../src/train/model-facts";
import { isSameModel, planModelFacts } from "../../../src/validate/plan-model-facts";

const layers = [{ type: "flatten" }, { type: "dense", units: 2, activation: "softmax" }];
const plan = (data: object, list: object[] = layers) =>
  planModelFacts(parseConfig({ name: "a", data, model: { layers: list } }, "c.json"));

const resize = { op: "resize", width: 8, height: 4 };
const folder = { source: "image-folder", path: "p" };
const table = { source: "csv", path: "t.csv" };

describe("planModelFacts knows from the config alone", () => {
  test.each<[string, object, number[], object]>([
    [
      "images of a fixed size",
      { ...folder, labels: ["a", "b"], preprocess: [resize] },
      [4, 8, 3],
      { kind: "class", labels: ["a", "b"] },
    ],
    [
      "gray images",
      { ...folder, labels: ["a", "b"], preprocess: [resize, { op: "grayscale" }] },
      [4, 8, 1],
      { kind: "class" },
    ],
    [
      "images in a table",
      { ...table, labels: ["a", "b"], columns: { image: "f", label: "l" }, preprocess: [resize] },
      [4, 8, 3],
      { kind: "class" },
    ],
    [
      "named features",
      { ...table, labels: ["a", "b"], columns: { features: ["x", "y"], label: "l" } },
      [2],
      { kind: "class" },
    ],
    [
      "named targets",
      { ...table, columns: { features: ["x"], target: ["y", "z"] } },
      [1],
      { kind: "values", names: ["y", "z"] },
    ],
  ])("%s", (_, data, inputShape, targets) => {
    const list = "columns" in data && JSON.stringify(data).includes("target") ? [{ type: "dense", units: 2 }] : layers;
    expect(plan(data, list)).toMatchObject({ inputShape, targets });
  });
});

describe("planModelFacts says what only the data tells", () => {
  test.each<[string, object, string]>([
    ["size", { ...folder, labels: ["a", "b"] }, "the images' size is not known"],
    ["classes", { ...folder, preprocess: [resize] }, "data.labels can state them"],
    ["a range of columns", { ...table, labels: ["a", "b"], columns: { features: ["x0..x3"], label: "l" } }, "range"],
    [
      "names of idx labels",
      { source: "idx", images: "i", labels: "l", preprocess: [resize] },
      "data.labelNames can state them",
    ],
  ])("%s", (_, data, message) => {
    expect(plan(data)).toContain(message);
  });
});

test("isSameModel compares what a model is built from", () => {
  const classes = (labels: string[], inputShape = [2]): ModelFacts => ({
    inputShape,
    targets: { kind: "class", labels, indices: new Int32Array() },
  });
  const values: ModelFacts = {
    inputShape: [2],
    targets: { kind: "values", names: ["a", "b"], values: new Float32Array() },
  };
  expect(isSameModel(classes(["a", "b"]), classes(["c", "d"]))).toBe(true);
  expect(isSameModel(classes(["a", "b"]), classes(["a", "b", "c"]))).toBe(false);
  expect(isSameModel(classes(["a", "b"]), classes(["a", "b"], [3]))).toBe(false);
  expect(isSameModel(classes(["a", "b"]), values)).toBe(false);
});
