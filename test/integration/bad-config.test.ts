import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExpectedFailure, expectFailure, listing } from "../helpers/expect-failure";
import { runDlctl } from "../helpers/run-dlctl";

// Broken configs through the real binary: each ends with its exit code and says what, where and how to mend.

interface BrokenConfig extends ExpectedFailure {
  readonly name: string;
  /** Overrides that break the valid config. */
  readonly set?: readonly string[];
  /** The file's text instead of the valid config's. */
  readonly text?: string | Buffer;
}

const valid = {
  name: "broken",
  data: {
    source: "image-folder",
    path: "pictures",
    labels: ["blue", "red"],
    preprocess: [
      { op: "resize", width: 16, height: 16 },
      { op: "normalize", scale: 255 },
    ],
  },
  model: {
    layers: [
      { type: "conv2d", name: "first", filters: 4, kernelSize: 3, activation: "relu" },
      { type: "flatten" },
      { type: "dense", units: "classes", activation: "softmax" },
    ],
  },
  train: { epochs: 1, batchSize: 4 },
};
const validText = JSON.stringify(valid, null, 2);

const notJson: BrokenConfig[] = [
  { name: "an empty file", text: "", code: 3, says: ["config.json", /empty/] },
  {
    name: "a comma too many",
    text: validText.replace('"name": "broken",', '"name": "broken",,'),
    code: 3,
    says: ["config.json", /line 2|:2:/],
  },
  { name: "a file cut off", text: validText.slice(0, 200), code: 3, says: ["config.json:", /closing|end/] },
  { name: "a list", text: "[1, 2]", code: 3, says: ["config.json", /object/] },
  { name: "a picture", text: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), code: 3, says: ["config.json"] },
  {
    name: "a prototype",
    text: validText.replace('"name"', '"__proto__": {"epochs": 3}, "name"'),
    code: 3,
    says: ["__proto__"],
  },
];

const wrongKeys: BrokenConfig[] = [
  {
    name: "a misspelt key",
    text: validText.replace('"filters"', '"filter"'),
    code: 3,
    says: ["model.layers[0].filter", "filters"],
  },
  {
    name: "a misspelt layer",
    set: ["model.layers[0].type=conv2D"],
    code: 3,
    says: ["model.layers[0].type", '"conv2d"'],
  },
  { name: "a misspelt override", set: ["train.epoch=3"], code: 3, says: ["train.epoch", "epochs"] },
  { name: "an override without value", set: ["train.epochs"], code: 3, says: ["train.epochs", "="] },
  {
    name: "an override of a layer that is not there",
    set: ["model.layers[9].units=3"],
    code: 3,
    says: ["model.layers[9]", "3"],
  },
  { name: "an unknown optimizer", set: ["train.optimizer=adm"], code: 3, says: ["train.optimizer", '"adam"'] },
  {
    name: "an unknown loss",
    set: ["train.loss=categoricalCrossEntropy"],
    code: 3,
    says: ["train.loss", "categoricalCrossentropy"],
  },
  { name: "an unknown metric", set: ['train.metrics=["acuracy"]'], code: 3, says: ["train.metrics[0]", '"accuracy"'] },
  { name: "an unknown source", set: ["data.source=images"], code: 3, says: ["data.source", "image-folder"] },
  {
    name: "an unknown augmentation",
    set: ['data.augment=[{"op":"flipp"}]'],
    code: 3,
    says: ["data.augment[0]", '"flip"'],
  },
];

const wrongValues: BrokenConfig[] = [
  {
    name: "text for a number",
    set: ['train.epochs="ten"'],
    code: 3,
    says: ["train.epochs", "a whole number", '"ten"'],
  },
  { name: "no epochs", set: ["train.epochs=0"], code: 3, says: ["train.epochs", "0"] },
  {
    name: "a negative kernel",
    set: ["model.layers[0].kernelSize=-1"],
    code: 3,
    says: ["model.layers[0].kernelSize", "-1"],
  },
  { name: "a name that is a path", set: ["name=../up"], code: 3, says: ["name", "letters"] },
  {
    name: "a validation split above 1",
    set: ["data.split.validation=1.5"],
    code: 3,
    says: ["data.split.validation", "1.5"],
  },
  {
    name: "splits that leave nothing",
    set: ["data.split.validation=0.6", "data.split.test=0.5"],
    code: 3,
    says: ["data.split"],
  },
  {
    name: "several problems, all told",
    set: ["train.epochs=-1", "train.batchSize=1.5", "model.layers[0].filters=0"],
    code: 3,
    says: ["3 problems", "train.epochs", "train.batchSize", "model.layers[0].filters"],
  },
];

const crossField: BrokenConfig[] = [
  {
    name: "an image op after normalize",
    set: ["data.preprocess[2].op=grayscale"],
    code: 3,
    says: ["data.preprocess[2]", "normalize"],
  },
  {
    name: "a crop larger than the picture",
    set: ['data.preprocess[1]={"op":"crop","width":32,"height":32}'],
    code: 3,
    says: ["data.preprocess[1]", "32", "16"],
  },
  {
    name: "a class weight of no class",
    set: ["train.classWeights.green=2"],
    code: 3,
    says: ["train.classWeights", "green", "red"],
  },
  { name: "regression on folders of classes", set: ["task=regression"], code: 3, says: ["task", "image-folder"] },
  { name: "a metric of values for classes", set: ['train.metrics=["r2"]'], code: 3, says: ["train.metrics[0]", "r2"] },
];

const wrongShapes: BrokenConfig[] = [
  {
    name: "a convolution after flatten",
    set: ['model.layers[2]={"type":"conv2d","filters":2,"kernelSize":3,"activation":"softmax"}'],
    code: 3,
    says: ["model.layers[2]", "conv2d", /flatten/],
  },
  {
    name: "a kernel larger than the picture",
    set: ["model.layers[0].kernelSize=17"],
    code: 3,
    says: ["model.layers[0]", "16", "17"],
  },
  {
    name: "an output narrower than the classes",
    set: ["model.layers[2].units=3"],
    code: 3,
    says: ["model.layers[2]", "3", "2", "classes"],
  },
  {
    name: "an input that no layer has",
    set: ['model.layers[2].inputs=["frist"]'],
    code: 3,
    says: ["model.layers[2]", "frist", "first"],
  },
  {
    name: "two layers of one name",
    set: ["model.layers[1].name=first"],
    code: 3,
    says: ["model.layers[1]", "first"],
  },
  {
    name: "a reshape to another size",
    set: ['model.layers[1]={"type":"reshape","targetShape":[100]}'],
    code: 3,
    says: ["model.layers[1]", "100", String(14 * 14 * 4)],
  },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-bad-config-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const groups = { notJson, wrongKeys, wrongValues, crossField, wrongShapes };

describe.each(Object.entries(groups))("%s", (group, cases) => {
  test.each(cases)("$name", ({ name, text = validText, set = [], ...expected }) => {
    const place = join(folder, `${group}-${name}`.replaceAll(/\W/g, "-"));
    mkdirSync(join(place, "pictures"), { recursive: true });
    writeFileSync(join(place, "config.json"), text);
    const before = listing(place);
    const args = group === "wrongShapes" ? ["validate", "--no-data"] : ["train"];
    expectFailure(runDlctl([...args, "config.json", ...set], { cwd: place }), expected);
    expect(listing(place)).toEqual(before);
  });
});

test("a config that is not there", () => {
  expectFailure(runDlctl(["train", "none.json"], { cwd: folder }), { code: 3, says: ["none.json", /no|not/] });
});

test("a folder for a config", () => {
  expectFailure(runDlctl(["train", "."], { cwd: folder }), { code: 3, says: [/folder/] });
});

test.each<[string, string[], readonly (string | RegExp)[]]>([
  ["an unknown command", ["trian", "config.json"], ["trian", "train"]],
  ["an unknown option", ["train", "config.json", "--devise", "cpu"], ["--devise", "--device"]],
  ["an unknown device", ["train", "config.json", "--device", "tpu"], ["tpu", "cpu"]],
  ["a model folder without a name", ["train", "config.json", "--out", ""], ["--out"]],
  ["training nothing", ["train"], [/config/]],
  ["predicting nothing", ["predict", "model"], [/input/]],
])("%s ends with 2", (_name, args, says) => {
  expectFailure(runDlctl(args, { cwd: folder }), { code: 2, says });
});
