import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { makeTinyImages } from "../helpers/tiny-images";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

const config = {
  name: "colours",
  data: {
    source: "image-folder",
    path: "pictures",
    split: { validation: 0.25 },
    preprocess: [
      { op: "resize", width: 6, height: 6 },
      { op: "normalize", scale: 255 },
    ],
  },
  model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-validate-"));
  await makeTinyImages(join(folder, "pictures"), { perClass: 4 });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "rings.json"), JSON.stringify(ringsConfig));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const validate = (...args: string[]) => runDlctl(["validate", ...args], { cwd: folder });

describe("dlctl validate accepts", () => {
  test("images: examples, input and parameters", () => {
    const { code, stdout, stderr } = validate("config.json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("config.json is valid");
    expect(stdout).toMatch(/classes +3: blue, green, red/);
    expect(stdout).toMatch(/examples +9 train, 3 validation, 0 test; 4 of them read/);
    expect(stdout).toMatch(/input +\[batch, 6, 6, 3\]/);
    // 6 x 6 x 3 inputs to 3 classes, and a bias each.
    expect(stdout).toMatch(/parameters +327/);
  });

  test("a table, as JSON", () => {
    const { code, stdout } = validate("rings.json", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      valid: true,
      name: "rings",
      task: "classification",
      labels: ["inner", "outer"],
      targets: null,
      inputShape: [2],
      // 2 x 8 + 8, 4 x 8 of the normalization, 8 x 2 + 2.
      parameters: 74,
      examples: { train: 54, validation: 6, test: 0 },
      warnings: [],
    });
  });

  test("the quick configs of this repository", () => {
    for (const name of ["quickstart", "penguins"]) {
      const { code, stderr } = validate(join(projectFolder, "configs", "quick", `${name}.json`));
      expect(stderr).not.toContain("error");
      expect(code).toBe(0);
    }
  });

  test("without its data: shapes by stated labels, else it says what was not checked", () => {
    const stated = validate("config.json", "--no-data", "data.path=nowhere", 'data.labels=["a","b"]');
    expect(stated).toMatchObject({ code: 0, stderr: "" });
    expect(stated.stdout).toMatch(/parameters +218/);
    const open = validate("config.json", "--no-data", "data.path=nowhere");
    expect(open.code).toBe(0);
    expect(open.stderr).toContain("the layers' shapes were not checked");
    expect(open.stderr).toContain("data.labels can state them");
  });

  test("no validation data, with a warning", () => {
    const { code, stderr } = validate("config.json", "data.split={}");
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*no validation/);
  });
});

describe("dlctl validate refuses", () => {
  test.each<[string, string[], number, string[]]>([
    ["a missing config", ["confg.json"], 3, ["There is no config file confg.json", 'Did you mean "config.json"?']],
    ["an override of no key", ["config.json", "trian.epochs=3"], 3, ["trian", 'did you mean "train"?', "override"]],
    [
      "shapes, with the data far away",
      ["config.json", "--no-data", 'data.labels=["a","b"]', "model.layers[0].type=globalAveragePooling1d"],
      3,
      ["model.layers[0]", "[batch, 6, 6, 3]"],
    ],
    [
      "an output that does not fit the classes",
      ["config.json", "model.layers[1].units=5"],
      3,
      ["model.layers[1]", "[batch, 5]", "3 classes"],
    ],
    ["missing data", ["config.json", "data.path=nowhere"], 4, ["nowhere"]],
    ["a label that is not stated", ["config.json", 'data.labels=["red","blue"]'], 4, ["green"]],
    [
      "a class weight of no class",
      ["config.json", "train.classWeights.gren=2"],
      3,
      ["train.classWeights", "gren", "green"],
    ],
    [
      "watching what is not there",
      ["config.json", "data.split={}", "train.earlyStopping={}"],
      3,
      ["train.earlyStopping.monitor", '"val_loss" needs validation data'],
    ],
    ["a column that is not there", ["rings.json", 'data.columns.features=["x","z"]'], 4, ["rings.csv", '"z"']],
  ])("%s", (_, args, code, parts) => {
    const result = validate(...args);
    for (const part of parts) expect(result.stderr).toContain(part);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.stdout).toBe("");
    expect(result.code).toBe(code);
  });

  test("a picture that can't be read, by reading one of each class", () => {
    const path = join(folder, "broken", "dark");
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "1.png"), "no picture");
    writeFileSync(join(path, "2.png"), "no picture");
    const { code, stderr } = validate("config.json", "data.path=broken", "data.split={}");
    expect(code).toBe(4);
    expect(stderr).toMatch(/one class|1\.png/);
  });
});
