import { applyOverrides } from "../../../src/config/apply-overrides";

const config = {
  name: "a",
  model: { layers: [{ type: "flatten" }, { type: "dense", units: 3 }] },
  train: { optimizer: "sgd", metrics: ["accuracy"] },
};
const apply = (...texts: string[]) => applyOverrides(config, texts);

describe("applyOverrides", () => {
  test.each<[string, object]>([
    ["name=b", { name: "b" }],
    ["name=3", { name: 3 }],
    ['name="3"', { name: "3" }],
    ["name=", { name: "" }],
    ["name=a=b", { name: "a=b" }],
    ["seed=-1.5e1", { seed: -15 }],
    ["data.path=/x y/z", { data: { path: "/x y/z" } }],
    ['data.labels=["a","b"]', { data: { labels: ["a", "b"] } }],
    ["train.tensorBoard=false", { train: { ...config.train, tensorBoard: false } }],
    ["train.loss=null", { train: { ...config.train, loss: null } }],
    ["train.earlyStopping.patience=3", { train: { ...config.train, earlyStopping: { patience: 3 } } }],
    ["train.optimizer.learningRate=0.1", { train: { ...config.train, optimizer: { type: "sgd", learningRate: 0.1 } } }],
    ["train.optimizer.type=adam", { train: { ...config.train, optimizer: { type: "adam" } } }],
    ["train.metrics[0]=f1", { train: { ...config.train, metrics: ["f1"] } }],
    ["train.metrics[1]=f1", { train: { ...config.train, metrics: ["accuracy", "f1"] } }],
    ["data.augment[0].op=flip", { data: { augment: [{ op: "flip" }] } }],
    ['train.classWeights["a.b"]=2', { train: { ...config.train, classWeights: { "a.b": 2 } } }],
    ["model.layers[1].units=8", { model: { layers: [{ type: "flatten" }, { type: "dense", units: 8 }] } }],
    ["model.layers.1.units=8", { model: { layers: [{ type: "flatten" }, { type: "dense", units: 8 }] } }],
    ["constructor.prototype.x=1", { constructor: { prototype: { x: 1 } } }],
  ])("%s", (text, expected) => {
    const { config: changed, problems } = apply(text);
    expect(problems).toEqual([]);
    expect(changed).toEqual({ ...config, ...expected });
  });

  test("later ones win, and the config given stays as it was", () => {
    const before = structuredClone(config);
    expect(apply("name=b", "name=c").config).toMatchObject({ name: "c" });
    expect(config).toEqual(before);
  });

  test("an optimizer's option alone is one of the default optimizer", () => {
    expect(applyOverrides({}, ["train.optimizer.learningRate=0.1"]).config).toEqual({
      train: { optimizer: { type: "adam", learningRate: 0.1 } },
    });
  });

  test.each([
    ["train.epochs", "", "not of the form key.path=value"],
    ["=3", "", "not of the form key.path=value"],
    ["a..b=3", "", "not of the form key.path=value"],
    [".a=3", "", "not of the form key.path=value"],
    ["a b=3", "", "not of the form key.path=value"],
    ["model.layers[5].units=3", "model.layers", "the list has 2 items, so there is no position 5"],
    ["model.layers.first.units=3", "model.layers", 'a position is needed, not "first"'],
    ["model.layers[-1].units=3", "", "not of the form key.path=value"],
    ["__proto__.polluted=1", "__proto__.polluted", "not allowed"],
    ["a.__proto__.polluted=1", "a.__proto__.polluted", "not allowed"],
  ])("%s is refused", (text, path, message) => {
    const { config: changed, problems } = apply(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.message).toContain(message);
    expect(changed).toEqual(config);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a value that is nearly JSON is text, and known to be", () => {
    const { overrides } = apply("data.labels=[a,b]", "name=abc");
    expect(overrides).toMatchObject([
      { value: "[a,b]", isBrokenJson: true },
      { value: "abc", isBrokenJson: false },
    ]);
  });
});
