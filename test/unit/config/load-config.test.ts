import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { loadConfig, parseConfig } from "../../../src/config/load-config";
import { ConfigError, type ConfigProblem } from "../../../src/shared/errors";

const layers = [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }];
const data = {
  source: "image-folder",
  path: "pictures",
  split: { validation: 0.2 },
  preprocess: [
    { op: "resize", width: 8, height: 8 },
    { op: "normalize", scale: 255 },
  ],
};
const good = { name: "a", data, model: { layers } };
const table = { source: "csv", path: "t.csv", columns: { features: ["x", "y"], label: "kind" } };
const numbers = { ...table, columns: { features: ["x"], target: ["y"] } };
const regression = { name: "a", data: numbers, model: { layers: [{ type: "dense", units: 1 }] } };

function problemsOf(config: unknown, overrides: string[] = []): readonly ConfigProblem[] {
  try {
    parseConfig(config, "c.json", overrides);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error(`${JSON.stringify(config)} was accepted`);
}

const withData = (changes: object) => ({ ...good, data: { ...data, ...changes } });
const withTrain = (train: object) => ({ ...good, train });
const withLayers = (...list: unknown[]) => ({ ...good, model: { layers: list } });
const withPreprocess = (...preprocess: unknown[]) => withData({ preprocess });

describe("broken configs: one problem each, with its path, what was expected and how to mend it", () => {
  test.each<[string, unknown, string, ...string[]]>([
    // The form.
    ["misspelt key", { ...good, sede: 1 }, "sede", 'unknown key; did you mean "seed"?'],
    ["key of another section", { ...good, epochs: 3 }, "epochs", "unknown key", '"train.epochs"'],
    ["no name", { ...good, name: undefined }, "name", "missing; expected text"],
    ["name with a slash", { ...good, name: "a/b" }, "name", "letters, digits"],
    ["name that hides", { ...good, name: ".." }, "name", "letters, digits"],
    ["seed as text", { ...good, seed: "7" }, "seed", 'expected a whole number, received "7"'],
    ["negative seed", { ...good, seed: -1 }, "seed", "expected a whole number at least 0, received -1"],
    ["unknown task", { ...good, task: "clasification" }, "task", 'did you mean "classification"?'],
    ["no data", { ...good, data: undefined }, "data", "missing; expected an object"],
    ["no source", { ...good, data: { path: "x" } }, "data.source", "missing; expected one of image-folder, idx, csv"],
    ["unknown source", withData({ source: "imagefolder" }), "data.source", 'did you mean "image-folder"?'],
    ["source without path", withData({ path: undefined }), "data.path", "missing; expected text"],
    ["another source's key", withData({ columns: {} }), "data.columns", "unknown key"],
    ["split as a number", withData({ split: 0.1 }), "data.split", "expected an object, received 0.1"],
    ["split over 1", withData({ split: { validation: 0.6, test: 0.5 } }), "data.split", "nothing to train on"],
    [
      "unknown split method",
      withData({ split: { method: "stratify" } }),
      "data.split.method",
      'did you mean "stratified"?',
    ],
    ["group without column", withData({ split: { method: "group" } }), "data.split.by", "is needed"],
    ["label twice", withData({ labels: ["a", "a"] }), "data.labels", "twice"],
    ["preprocess as object", withData({ preprocess: {} }), "data.preprocess", "expected a list, received {}"],
    [
      "unknown op",
      withPreprocess({ op: "resise", width: 1, height: 1 }),
      "data.preprocess[0].op",
      'did you mean "resize"?',
    ],
    ["resize without height", withPreprocess({ op: "resize", width: 8 }), "data.preprocess[0].height", "missing"],
    [
      "unknown fit",
      withPreprocess({ op: "resize", width: 8, height: 8, fit: "covr" }),
      "data.preprocess[0].fit",
      'did you mean "cover"?',
    ],
    [
      "division by 0",
      withPreprocess(data.preprocess[0], { op: "normalize", std: 0 }),
      "data.preprocess[1].std",
      "must not be 0",
    ],
    ["unknown augmentation", withData({ augment: [{ op: "filp" }] }), "data.augment[0].op", 'did you mean "flip"?'],
    ["no layers", withLayers(), "model.layers", "expected a list of at least 1 item, received []"],
    [
      "unknown layer",
      withLayers({ type: "conv2D", filters: 1, kernelSize: 1 }),
      "model.layers[0].type",
      'did you mean "conv2d"',
    ],
    ["no layer type", withLayers({ units: 3 }), "model.layers[0].type", "missing"],
    ["layer as text", withLayers("dense"), "model.layers[0]", 'expected an object, received "dense"'],
    [
      "misspelt option",
      withLayers({ type: "conv2d", filters: 3, kernel: 3, kernelSize: 3 }),
      "model.layers[0].kernel",
      'did you mean "kernelSize"',
    ],
    [
      "missing option",
      withLayers({ type: "conv2d", kernelSize: 3 }),
      "model.layers[0].filters",
      "missing; expected a whole number",
    ],
    ["negative units", withLayers({ type: "dense", units: -1 }), "model.layers[0].units", "received -1"],
    [
      "misspelt classes",
      withLayers({ type: "dense", units: "class" }),
      "model.layers[0].units",
      'did you mean "classes"?',
    ],
    [
      "unknown activation",
      withLayers({ type: "dense", units: 3, activation: "rellu" }),
      "model.layers[0].activation",
      'did you mean "relu"',
    ],
    ["rate over 1", withLayers({ type: "dropout", rate: 1.5 }), "model.layers[0].rate", "received 1.5"],
    [
      "unknown initializer",
      withLayers({ type: "dense", units: 3, kernelInitializer: "heNorml" }),
      "model.layers[0].kernelInitializer",
      'did you mean "heNormal"',
    ],
    ["half epoch", withTrain({ epochs: 1.5 }), "train.epochs", "expected a whole number, received 1.5"],
    ["no batch", withTrain({ batchSize: 0 }), "train.batchSize", "a whole number above 0, received 0"],
    ["unknown optimizer", withTrain({ optimizer: "adm" }), "train.optimizer", 'did you mean "adam"'],
    [
      "optimizer's misspelt option",
      withTrain({ optimizer: { type: "adam", lr: 1 } }),
      "train.optimizer.lr",
      'did you mean "learningRate"?',
    ],
    [
      "negative rate",
      withTrain({ optimizer: { type: "adam", learningRate: -1 } }),
      "train.optimizer.learningRate",
      "above 0, received -1",
    ],
    ["unknown loss", withTrain({ loss: "crossentropy" }), "train.loss", '"crossentropy"', "categoricalCrossentropy"],
    [
      "Keras's spelling",
      withTrain({ loss: "categorical_crossentropy" }),
      "train.loss",
      'did you mean "categoricalCrossentropy"',
    ],
    ["unknown metric", withTrain({ metrics: ["acuracy"] }), "train.metrics[0]", 'did you mean "accuracy"'],
    ["unknown schedule", withTrain({ schedule: "cosin" }), "train.schedule", 'did you mean "cosine"'],
    [
      "clipping by nothing",
      withTrain({ gradientClipping: {} }),
      "train.gradientClipping",
      "expected one of the keys norm, value, globalNorm",
    ],
    [
      "weights as a list",
      withTrain({ classWeights: [1, 2] }),
      "train.classWeights",
      'expected "balanced" or an object, received [1,2]',
    ],
    [
      "unknown device",
      withTrain({ device: "cuda" }),
      "train.device",
      'expected one of "auto", "gpu", "cpu", "js" or "gpu:" with a number, received "cuda"',
    ],
    ["a feature of later", withTrain({ engine: "graf" }), "train.engine", '"graf"'],
    // Across fields.
    [
      "image op after normalize",
      withPreprocess(data.preprocess[1], data.preprocess[0]),
      "data.preprocess[1]",
      "can't come after normalize",
    ],
    [
      "crop larger than the image",
      withPreprocess(data.preprocess[0], { op: "crop", width: 9, height: 9 }),
      "data.preprocess[1]",
      "9",
    ],
    [
      "standardize of images",
      withPreprocess(data.preprocess[0], { op: "standardize" }),
      "data.preprocess[1]",
      "images",
    ],
    [
      "resize of numbers",
      { ...good, data: { ...table, preprocess: [data.preprocess[0]] } },
      "data.preprocess[0]",
      "resize is for images",
    ],
    [
      "flip of numbers",
      { ...good, data: { ...table, augment: [{ op: "flip" }] } },
      "data.augment[0]",
      "flip changes images",
    ],
    ["two validation splits", withTrain({ validationSplit: 0.1 }), "train.validationSplit", "both are given"],
    [
      "no training split",
      { ...good, data: { ...data, split: { test: 0.6 } }, train: { validationSplit: 0.5 } },
      "train.validationSplit",
      "leave nothing to train on",
    ],
    ["regression of folders", { ...good, task: "regression" }, "task", "image-folder is for classification"],
    ["classification of numbers", { ...regression, task: "classification" }, "task", "a target of numbers"],
    ["labels of numbers", { ...regression, data: { ...numbers, labels: ["a", "b"] } }, "data.labels", "no labels"],
    ["one label", withData({ labels: ["a"] }), "data.labels", "at least 2 labels"],
    [
      "stratified numbers",
      { ...regression, data: { ...numbers, split: { validation: 0.1, method: "stratified" } } },
      "data.split.method",
      "no classes",
    ],
    ["groups without columns", withData({ split: { validation: 0.1, by: "who" } }), "data.split.by", "names a column"],
    [
      "classes of numbers",
      { ...regression, model: { layers: [{ type: "dense", units: "classes" }] } },
      "model.layers[0].units",
      "no classes",
    ],
    [
      "linear output",
      withLayers({ type: "flatten" }, { type: "dense", units: "classes" }),
      "model.layers[1].activation",
      "probabilities",
      "linear",
    ],
    [
      "softmax over one unit",
      withLayers({ type: "flatten" }, { type: "dense", units: 1, activation: "softmax" }),
      "model.layers[1].activation",
      "always 1",
    ],
    [
      "loss of classes for numbers",
      { ...regression, train: { loss: "categoricalCrossentropy" } },
      "train.loss",
      "can't be taken of numbers",
    ],
    [
      "loss of classes for one unit",
      {
        ...withLayers({ type: "flatten" }, { type: "dense", units: 1, activation: "sigmoid" }),
        train: { loss: "categoricalCrossentropy" },
      },
      "train.loss",
      "has 1 unit",
    ],
    [
      "accuracy of numbers",
      { ...regression, train: { metrics: ["accuracy"] } },
      "train.metrics[0]",
      "does not measure numbers",
    ],
    ["error of classes", withTrain({ metrics: ["accuracy", "r2"] }), "train.metrics[1]", "does not measure classes"],
    [
      "metric twice",
      withTrain({ metrics: ["accuracy", "acc"] }),
      "train.metrics[1]",
      "accuracy is train.metrics[0] already",
    ],
    [
      "top 3 of 3",
      { ...withData({ labels: ["a", "b", "c"] }), train: { metrics: ["top3Accuracy"] } },
      "train.metrics[0]",
      "always right",
    ],
    [
      "weight of an unknown class",
      { ...withData({ labels: ["cat", "dog"] }), train: { classWeights: { cta: 2 } } },
      "train.classWeights",
      'did you mean "cat"?',
    ],
    [
      "weights of numbers",
      { ...regression, train: { classWeights: "balanced" } },
      "train.classWeights",
      "no classes to weigh",
    ],
    [
      "unknown figure",
      withTrain({ earlyStopping: { monitor: "val_acuracy" } }),
      "train.earlyStopping.monitor",
      'did you mean "val_accuracy"',
    ],
    ["figure that is not measured", withTrain({ monitor: "val_f1" }), "train.monitor", 'no figure "val_f1"'],
    [
      "validation figure without validation",
      { ...regression, train: { earlyStopping: {} } },
      "train.earlyStopping.monitor",
      '"val_loss" needs validation data',
    ],
    [
      "stopping that never begins",
      withTrain({ epochs: 3, earlyStopping: { startEpoch: 4 } }),
      "train.earlyStopping.startEpoch",
      "ends after epoch 3",
    ],
  ])("%s", (_, config, path, ...parts) => {
    const problems = problemsOf(JSON.parse(JSON.stringify(config)));
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    for (const part of parts) expect(`${problems[0]?.message}\n${problems[0]?.hint}`).toContain(part);
  });

  test("all at once", () => {
    const config = {
      nam: "a",
      data: { ...data, pth: 1 },
      model: { layers: [{ type: "dens" }] },
      train: { epochs: 0, lss: "x" },
    };
    expect(problemsOf(config).map(({ path }) => path)).toEqual(
      expect.arrayContaining(["name", "nam", "data.pth", "model.layers[0].type", "train.epochs", "train.lss"]),
    );
  });

  test("an override without the password that is in its address", () => {
    const [problem] = problemsOf(good, ["train.mlflow.uri=http://me:secret@127.0.0.1:5000"]);
    expect(problem?.message).toMatch(/password.*\(override train\.mlflow\.uri=http:\/\/\.\.\.@127\.0\.0\.1:5000\)$/);
    expect(JSON.stringify(problem)).not.toContain("secret");
  });

  test("the problems of overrides with those of the file", () => {
    const problems = problemsOf({ ...good, sede: 1 }, ["train.epochs=many", "oops", "model.layers[7].units=3"]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('the override "oops" is not of the form key.path=value'),
      expect.stringContaining("no position 7"),
      'expected a whole number, received "many" (override train.epochs=many)',
      'unknown key; did you mean "seed"?',
    ]);
  });

  test.each([[[]], [null], ["text"], [3], [true]])("%j is no config", (config) => {
    expect(() => parseConfig(config, "c.json")).toThrow("The config c.json is not an object {...}");
  });
});

describe("good configs", () => {
  test("defaults are filled in", () => {
    expect(parseConfig(good, "c.json")).toMatchObject({
      seed: 0,
      data: { augment: [], cache: "auto" },
      train: {
        epochs: 10,
        batchSize: 32,
        optimizer: { type: "adam", learningRate: 0.001 },
        keep: "last",
        checkpoints: { everyEpochs: 1, keepLast: 2 },
        engine: "auto",
        device: "auto",
        tensorBoard: true,
      },
    });
  });

  test("what is resolved is a config that resolves to itself", () => {
    for (const config of [
      good,
      regression,
      { ...good, data: { ...data, split: undefined }, train: { validationSplit: 0.1 } },
    ]) {
      const resolved = parseConfig(config, "c.json");
      expect(parseConfig(JSON.parse(JSON.stringify(resolved)), "c.json")).toEqual(resolved);
    }
  });

  test("train.validationSplit is another spelling of data.split.validation", () => {
    const config = parseConfig(
      { ...good, data: { ...data, split: { test: 0.2 } }, train: { validationSplit: 0.1 } },
      "c.json",
    );
    expect(config.data.split).toEqual({ validation: 0.1, test: 0.2 });
    expect(config.train).not.toHaveProperty("validationSplit");
  });

  test.each<[string, object]>([
    ["a single sigmoid unit", withLayers({ type: "flatten" }, { type: "dense", units: 1, activation: "sigmoid" })],
    ["softmax as a layer", withLayers({ type: "flatten" }, { type: "dense", units: "classes" }, { type: "softmax" })],
    [
      "hinge of a linear output",
      { ...withLayers({ type: "flatten" }, { type: "dense", units: "classes" }), train: { loss: "categoricalHinge" } },
    ],
    ["numbers", regression],
    ["numbers that watch loss", { ...regression, train: { earlyStopping: { monitor: "loss" } } }],
    ["a folder that may have validation images", { ...withData({ split: undefined }), train: { earlyStopping: {} } }],
    ["mixup of numbers", { ...good, data: { ...table, augment: [{ op: "mixup" }] } }],
  ])("%s", (_, config) => {
    expect(() => parseConfig(JSON.parse(JSON.stringify(config)), "c.json")).not.toThrow();
  });

  test("overrides replace what the file says", () => {
    const config = parseConfig(good, "c.json", ["train.epochs=3", "train.optimizer.learningRate=0.5", "name=b"]);
    expect(config).toMatchObject({ name: "b", train: { epochs: 3, optimizer: { type: "adam", learningRate: 0.5 } } });
  });
});

describe("loadConfig", () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-config-"));
    path = join(folder, "config.json");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("tells where it was, and what the file held before overrides", async () => {
    writeFileSync(path, JSON.stringify(good));
    const loaded = await loadConfig(path, ["seed=5"]);
    expect(loaded).toMatchObject({ given: good, path: resolve(path), baseFolder: dirname(path), config: { seed: 5 } });
    expect(loaded.given).not.toHaveProperty("seed");
  });

  test("an invalid config names its file in the hint", async () => {
    writeFileSync(path, JSON.stringify({ ...good, seed: "x" }));
    const error = await loadConfig(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ exitCode: 3, hint: expect.stringContaining(path) });
  });

  test("any JSON is a config or a ConfigError", async () => {
    const key = fc.constantFrom(
      "name",
      "data",
      "model",
      "layers",
      "train",
      "source",
      "type",
      "op",
      "preprocess",
      "split",
      "optimizer",
      "__proto__",
      "constructor",
      "x",
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(
          "image-folder",
          "csv",
          "dense",
          "adam",
          "resize",
          "accuracy",
          "",
          null,
          true,
          -1,
          0,
          0.5,
          1e300,
        ),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(key, tie("any"), { maxKeys: 4 }),
      ),
    })).any;
    await fc.assert(
      fc.asyncProperty(value, async (config) => {
        writeFileSync(path, JSON.stringify(config));
        const error = await loadConfig(path).catch((caught: unknown) => caught);
        if (!(error instanceof ConfigError)) throw error;
        expect(error.message).not.toMatch(/Invalid input|undefined|\[object/);
      }),
      { numRuns: 300 },
    );
  });

  test("a good config with anything in one place is a config or a ConfigError", () => {
    const places = [
      "name",
      "seed",
      "task",
      "data.path",
      "data.split",
      "data.labels",
      "data.preprocess",
      "data.preprocess[0].op",
      "data.preprocess[1].std",
      "data.augment",
      "model.layers",
      "model.layers[0]",
      "model.layers[1].units",
      "train",
      "train.optimizer",
      "train.loss",
      "train.metrics",
      "train.schedule",
      "train.gradientClipping",
      "train.classWeights",
      "train.earlyStopping",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.json({ maxDepth: 3 }), (place, json) => {
        try {
          parseConfig(good, "c.json", [`${place}=${json}`]);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.message).not.toMatch(/Invalid input|\[object/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
