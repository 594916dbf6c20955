import { parseConfig } from "../../../src/config/load-config";
import type { ExampleTargets, Task } from "../../../src/data/example-set";
import { lossSchema } from "../../../src/objectives/loss-config";
import { metricSchema } from "../../../src/objectives/metric-config";
import { ConfigError } from "../../../src/shared/errors";
import { resolveClassWeights } from "../../../src/train/class-weights";
import { inferTask } from "../../../src/train/infer-task";
import { createObjective } from "../../../src/train/objective";

const configOf = (train: object = {}) =>
  parseConfig(
    {
      name: "a",
      data: { source: "csv", path: "t.csv", columns: { features: ["x"], label: "l" } },
      model: { layers: [{ type: "dense", units: 2, activation: "softmax" }] },
      train,
    },
    "c.json",
  );

const steps = [Int32Array.of(0, 1, -1), Int32Array.of(1, 1, -1)];
const sequence: ExampleTargets = {
  kind: "sequence",
  labels: ["no", "yes"],
  length: 3,
  steps: (example) => steps[example] as Int32Array,
};

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message} ${error.hint}`;
    throw error;
  }
  return "none";
}

test("a class at each step: the default loss and metric, and outputs with the steps' number", () => {
  const { loss, metrics, outputWidth } = createObjective(configOf(), { targets: sequence }, [null, 3, 2]);
  expect(loss.perStep).toBeDefined();
  expect(metrics.map(({ name }) => name)).toEqual(["accuracy"]);
  expect(outputWidth).toBe(2);
  expect(createObjective(configOf(), { targets: sequence }, [null, 3, 1]).outputWidth).toBe(1);
});

test("a language model is measured by its perplexity, and by what is asked for beside it", () => {
  const predicted = { targets: sequence, task: "languageModel" as const };
  expect(createObjective(configOf(), predicted, [null, 3, 2]).metrics.map(({ name }) => name)).toEqual(["perplexity"]);
  const { metrics } = createObjective(
    configOf({ metrics: ["bitsPerCharacter"] }),
    predicted,
    [null, 3, 2],
    ["perplexity", "bitsPerCharacter"].map((type) => metricSchema.parse(type)),
  );
  expect(metrics.map(({ name }) => name)).toEqual(["bitsPerCharacter", "perplexity"]);
});

test.each<[string, (number | null)[]]>([
  ["one output for all steps", [null, 2]],
  ["other steps", [null, 2, 2]],
  ["too many classes", [null, 3, 4]],
])("%s is told with what it must be", (_, shape) => {
  const problem = problemOf(() => createObjective(configOf(), { targets: sequence }, shape));
  expect(problem).toContain("for 2 classes at each step it must be [batch, 3, 2]");
  expect(problem).toContain("returnSequences");
});

test("a loss and a metric of numbers are refused for classes at each step", () => {
  const config = configOf();
  const train = { ...config.train, loss: lossSchema.parse("poisson"), metrics: [metricSchema.parse("r2")] };
  const numbers = { ...config, train };
  const problem = problemOf(() => createObjective(numbers, { targets: sequence }, [null, 3, 2]));
  expect(problem).toContain("poisson is not for targets that are class labels");
  expect(problem).toContain("r2 is not for targets that are class labels");
});

test("balanced class weights count steps that have a target", () => {
  const splits = { train: Int32Array.of(0, 1), validation: new Int32Array(), test: new Int32Array() };
  // One "no" and three "yes": 4 / (2 * 1) and 4 / (2 * 3).
  expect(resolveClassWeights("balanced", sequence, splits)).toEqual([2, 4 / 6]);
  expect(resolveClassWeights({ yes: 3 }, sequence, splits)).toEqual([1, 3]);
});

test.each<[Task, Parameters<typeof inferTask>[1]]>([
  ["tokens", { targets: sequence }],
  ["languageModel", { targets: sequence, task: "languageModel" }],
  ["classification", { targets: { kind: "class", labels: ["a"], indices: new Int32Array() } }],
  ["regression", { targets: { kind: "values", names: ["a"], values: new Float32Array() } }],
  ["forecasting", { targets: { kind: "values", names: ["a"], values: new Float32Array() }, task: "forecasting" }],
])("the task %s is what the data gives, and no other may be stated", (task, set) => {
  expect(inferTask(undefined, set)).toBe(task);
  expect(inferTask(task, set)).toBe(task);
  const other = task === "tokens" ? "regression" : "tokens";
  expect(problemOf(() => inferTask(other, set))).toContain(`the task is "${other}", but the data gives`);
});
