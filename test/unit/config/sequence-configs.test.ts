import { checkConfig } from "../../../src/config/check-config";
import { configSchema } from "../../../src/config/config-schema";
import { planModelFacts } from "../../../src/validate/plan-model-facts";

const dense = { type: "dense", units: 2 };
const parse = (data: object, more: object = {}) =>
  configSchema.parse({ name: "a", data, model: { layers: [dense] }, ...more });
const problemsOf = (data: object, more: object = {}) =>
  checkConfig(parse(data, more)).map(({ path, message }) => `${path}: ${message}`);

const series = { source: "csv", path: "a.csv", columns: { sequence: "s", features: ["a", "b"], target: ["y", "z"] } };
const steps = {
  source: "csv",
  path: "a.csv",
  columns: { features: ["a", "b", "c"], layout: "steps", target: ["y", "z"] },
};
const forecast = {
  source: "csv",
  path: "a.csv",
  columns: { features: ["a", "b"], target: ["b"] },
  window: { length: 4, horizon: 2 },
};
const texts = { source: "csv", path: "a.csv", columns: { text: "t", label: "l" }, preprocess: [{ op: "tokenize" }] };
const tags = { source: "csv", path: "a.csv", columns: { tokens: "t", tags: "l" }, preprocess: [{ op: "tokenize" }] };
const language = { source: "text", path: "a.txt", window: { length: 4 }, preprocess: [{ op: "tokenize" }] };

describe("checkConfig", () => {
  it.each([
    [
      "window without numbers",
      { ...texts, window: { length: 2 } },
      {},
      ["data.window: a window is for forecasting, from columns of numbers"],
    ],
    ["window of series", { ...series, window: { length: 2 } }, {}, [/^data.window: windows are cut from rows/]],
    [
      "window relative to what is not seen",
      { ...forecast, columns: { features: ["a"], target: ["b"] }, window: { length: 4, relativeTo: "last" } },
      {},
      ["data.window.relativeTo: the model does not see the last value of b"],
    ],
    [
      "windows drawn at random",
      { ...forecast, split: { validation: 0.1, method: "random" } },
      {},
      [/^data.split.method: random takes apart/],
    ],
    [
      "windows by group",
      { ...forecast, split: { validation: 0.1, by: "g" } },
      {},
      [/^data.split.method: group takes apart/],
    ],
    [
      "a language model that is padded",
      { ...language, preprocess: [{ op: "tokenize" }, { op: "pad", length: 3 }] },
      {},
      ["data.preprocess[1]: pad is not for a text for a language model"],
    ],
    [
      "a language model without tokens",
      { ...language, preprocess: [] },
      {},
      ["data.preprocess: texts need to be made tokens, and there is no tokenize"],
    ],
    [
      "resized texts",
      { ...texts, preprocess: [{ op: "tokenize" }, { op: "grayscale" }] },
      {},
      ["data.preprocess[1]: grayscale is not for texts"],
    ],
    [
      "padded features",
      { ...texts, columns: { features: ["t"], label: "l" }, preprocess: [{ op: "pad", length: 3 }] },
      {},
      ["data.preprocess[0]: pad is for series and texts, and the inputs are numbers"],
    ],
    [
      "padded images",
      { source: "image-folder", path: "a", preprocess: [{ op: "truncate", length: 3 }] },
      {},
      ["data.preprocess[0]: truncate is for series and texts, and the inputs are images"],
    ],
    [
      "tags of characters",
      { ...tags, preprocess: [{ op: "tokenize", unit: "character" }] },
      {},
      [/^data.preprocess\[0\].unit: each word has a tag/],
    ],
    [
      "stratified tags",
      { ...tags, split: { validation: 0.1, method: "stratified" } },
      {},
      [/^data.split.method: .*each step has a class/],
    ],
    [
      "mixed tokens",
      { ...texts, augment: [{ op: "mixup" }] },
      {},
      ["data.augment[0]: mixup mixes numbers, and tokens are none"],
    ],
    [
      "another task",
      forecast,
      { task: "regression" },
      ["task: the task is regression, but data.window says that what follows a window is predicted"],
    ],
    [
      "another source",
      language,
      { task: "classification" },
      ["task: the task is classification, but the source text is for languageModel"],
    ],
  ])("finds %s", (_, data, more, expected) => {
    const found = problemsOf(data, more).filter((problem) => /^(data|task)/.test(problem));
    expect(found).toEqual(expected.map((part) => (typeof part === "string" ? part : expect.stringMatching(part))));
  });
});

describe("planModelFacts", () => {
  const planned = (data: object) => planModelFacts(parse(data));

  it("knows the shapes that the config fixes", () => {
    expect(planned({ ...series, preprocess: [{ op: "pad", length: 7 }] })).toMatchObject({
      inputShape: [7, 2],
      maskValue: -(2 ** 100),
    });
    expect(planned(steps)).toMatchObject({ inputShape: [3, 1], targets: { names: ["y", "z"] } });
    expect(planned({ ...steps, preprocess: [{ op: "truncate", length: 2 }] })).toMatchObject({ inputShape: [2, 1] });
    expect(planned(forecast)).toMatchObject({
      inputShape: [4, 2],
      task: "forecasting",
      targets: { names: ["b+1", "b+2"] },
    });
  });

  it("says what only the data tells", () => {
    expect(planned(series)).toMatch(/no pad in data.preprocess fixes it/);
    expect(planned(texts)).toMatch(/no pad/);
    expect(planned(language)).toMatch(/the vocabulary is not known/);
  });
});
