import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { replaceModel, settleModelFolder } from "../../../src/checkpoint/replace-model";
import { writeModelFolder } from "../../../src/checkpoint/write-model-folder";
import { tf } from "../../../src/runtime/tf";
import { EnvironmentError, ModelFolderError } from "../../../src/shared/errors";
import { startJsRuntime } from "../../helpers/runtime";
import { tinyDescription as description } from "../../helpers/tiny-description";

let folder: string;
let path: string;
beforeAll(() => startJsRuntime());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-model-folder-"));
  path = join(folder, "model");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A dense layer whose kernel is all `value`. */
function makeModel(value: number): tf.LayersModel {
  const layer = tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: tf.initializers.constant({ value }) });
  return tf.sequential({ layers: [layer] });
}

async function write(to: string, value = 1): Promise<void> {
  const model = makeModel(value);
  await writeModelFolder(to, model, { ...description, name: `model-${value}` });
  model.dispose();
}

async function outputOf(from: string): Promise<{ name: string; output: number }> {
  const read = await readModelFolder(from);
  const model = await read.loadModel();
  const output = tf.tidy(() => (model.predict(tf.ones([1, 3])) as tf.Tensor).dataSync()[0] as number);
  model.dispose();
  return { name: read.description.name, output };
}

const file = (name: string) => join(path, name);
const sum = (name: string) =>
  createHash("sha256")
    .update(readFileSync(file(name)))
    .digest("hex");

function editDescription(edit: (content: Record<string, unknown>) => void): void {
  const content = JSON.parse(readFileSync(file("dlctl.json"), "utf8"));
  edit(content);
  writeFileSync(file("dlctl.json"), JSON.stringify(content));
}

/** Changes model.json and its sum, as someone would who means harm. */
function editTopology(
  edit: (content: { weightsManifest: { paths: string[]; weights: { shape: number[] }[] }[] }) => void,
): void {
  const content = JSON.parse(readFileSync(file("model.json"), "utf8"));
  edit(content);
  writeFileSync(file("model.json"), JSON.stringify(content));
  editDescription((description) => Object.assign(description.files as object, { "model.json": sum("model.json") }));
}

test("a model comes back, again and again, with its description and no tensor left", async () => {
  await write(path, 2);
  expect(readdirSync(path).sort()).toEqual(["dlctl.json", "model.json", "weights.bin"]);
  const before = tf.memory().numTensors;
  const read = await readModelFolder(path);
  expect(read.description).toMatchObject({ ...description, name: "model-2" });
  for (const _ of [1, 2]) {
    const model = await read.loadModel();
    expect([...(model.getWeights()[0]?.dataSync() ?? [])]).toEqual([2, 2, 2, 2, 2, 2]);
    model.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});

test.each<[string, () => void, RegExp]>([
  [
    "a changed weight",
    () => writeFileSync(file("weights.bin"), readFileSync(file("weights.bin")).fill(7, 0, 1)),
    /weights\.bin is damaged: its SHA-256/,
  ],
  ["weights cut short", () => truncateSync(file("weights.bin"), 8), /weights\.bin is damaged/],
  ["no weights", () => rmSync(file("weights.bin")), /weights\.bin: it is missing/],
  ["a changed topology", () => writeFileSync(file("model.json"), "{}"), /model\.json is damaged: its SHA-256/],
  ["no topology", () => rmSync(file("model.json")), /model\.json: it is missing/],
  ["an empty description", () => writeFileSync(file("dlctl.json"), ""), /dlctl\.json is damaged: it is not JSON/],
  ["a list as description", () => writeFileSync(file("dlctl.json"), "[]"), /dlctl\.json is damaged/],
  [
    "a description without labels",
    () => editDescription((content) => delete content.labels),
    /dlctl\.json is damaged: labels/,
  ],
  [
    "no sum of a file",
    () => editDescription((content) => Object.assign(content, { files: {} })),
    /no SHA-256 sum of model\.json/,
  ],
  [
    "a newer format",
    () => editDescription((content) => Object.assign(content, { formatVersion: 2 })),
    /format 2, made by a newer dlctl/,
  ],
])("%s is told with the file's name", async (_name, harm, message) => {
  await write(path);
  harm();
  const reading = readModelFolder(path);
  await expect(reading).rejects.toThrow(ModelFolderError);
  await expect(reading).rejects.toThrow(message);
});

test.each<[string, () => void, RegExp]>([
  [
    "more weights than there are",
    () => editTopology((content) => content.weightsManifest[0]?.weights[0]?.shape.splice(0, 1, 3e9)),
    /weights\.bin is damaged: it has 32 bytes/,
  ],
  [
    "weights elsewhere",
    () => editTopology((content) => content.weightsManifest[0]?.paths.splice(0, 1, "../../secret.bin")),
    /model\.json is damaged: weightsManifest/,
  ],
  [
    "a negative size",
    () => editTopology((content) => content.weightsManifest[0]?.weights[0]?.shape.splice(0, 1, -3)),
    /model\.json is damaged/,
  ],
  [
    "no layers",
    () => editTopology((content) => Object.assign(content, { modelTopology: {} })),
    /does not describe a model/,
  ],
])("a topology with right sums that declares %s is refused when the model is loaded", async (_name, harm, message) => {
  await write(path);
  harm();
  const loading = readModelFolder(path).then((read) => read.loadModel());
  await expect(loading).rejects.toThrow(ModelFolderError);
  await expect(loading).rejects.toThrow(message);
});

test("a link out of the folder is not followed", async () => {
  await write(path);
  const outside = join(folder, "outside.bin");
  renameSync(file("weights.bin"), outside);
  symlinkSync(outside, file("weights.bin"));
  await expect(readModelFolder(path)).rejects.toThrow(/is a link to another place/);
});

test("a link to a whole model folder is followed", async () => {
  await write(path, 3);
  symlinkSync(path, join(folder, "latest"));
  expect(await outputOf(join(folder, "latest"))).toEqual({ name: "model-3", output: 9 });
});

test("what is no model folder is told apart", async () => {
  await expect(readModelFolder(join(folder, "absent"))).rejects.toThrow(/There is no model folder/);
  writeFileSync(path, "");
  await expect(readModelFolder(path)).rejects.toThrow(/is a file and not a model folder/);
  rmSync(path);
  mkdirSync(join(path, "run"), { recursive: true });
  const unfinished = readModelFolder(path);
  await expect(unfinished).rejects.toThrow(/is not finished/);
  await expect(unfinished).rejects.toMatchObject({ hint: expect.stringContaining(`dlctl train --resume ${path}`) });
  rmSync(join(path, "run"), { recursive: true });
  await expect(readModelFolder(path)).rejects.toThrow(/it has no dlctl\.json/);
});

test("a folder that can't be written is an EnvironmentError", async () => {
  writeFileSync(path, "");
  await expect(write(join(path, "model"))).rejects.toThrow(EnvironmentError);
});

describe("a finished model is replaced", () => {
  /** Model 1 in its place, model 2 staged, each with a run. */
  async function stage(): Promise<void> {
    await write(path, 1);
    mkdirSync(file("run"));
    writeFileSync(join(file("run"), "history.jsonl"), "old");
    writeFileSync(file("notes.txt"), "mine");
    await write(file("next"), 2);
    mkdirSync(join(file("next"), "run"));
    writeFileSync(join(file("next"), "run", "history.jsonl"), "new");
  }

  async function expectNew(): Promise<void> {
    expect(await outputOf(path)).toEqual({ name: "model-2", output: 6 });
    expect(readdirSync(path).sort()).toEqual(["dlctl.json", "model.json", "notes.txt", "run", "weights.bin"]);
    expect(readFileSync(join(file("run"), "history.jsonl"), "utf8")).toBe("new");
  }

  test("with its run; other files stay", async () => {
    await stage();
    await replaceModel(path);
    await expectNew();
  });

  const next = (name: string) => join(file("next"), name);
  /** What replaceModel does, one operation after the other. */
  const operations: [string, () => void][] = [
    ["nothing yet", () => undefined],
    ["the old description removed", () => rmSync(file("dlctl.json"))],
    ["the old topology removed", () => rmSync(file("model.json"))],
    ["the weights moved", () => renameSync(next("weights.bin"), file("weights.bin"))],
    ["the old run put aside", () => renameSync(file("run"), next("replaced-run"))],
    ["the new run moved", () => renameSync(next("run"), file("run"))],
    ["the topology moved", () => renameSync(next("model.json"), file("model.json"))],
  ];

  test.each(operations.map(([name], index) => [name, index]))(
    "killed with %s: reading completes it",
    async (_name, last) => {
      await stage();
      for (const [, operation] of operations.slice(0, (last as number) + 1)) operation();
      await expectNew();
    },
  );

  test("killed when only the rest was to be cleared", async () => {
    await stage();
    for (const [, operation] of operations) operation();
    renameSync(next("dlctl.json"), file("dlctl.json"));
    expect(await outputOf(path)).toEqual({ name: "model-2", output: 6 });
  });

  test("nothing happens while the new model is not whole", async () => {
    await stage();
    rmSync(next("dlctl.json"));
    await settleModelFolder(path);
    expect(await outputOf(path)).toEqual({ name: "model-1", output: 3 });
    expect(existsSync(next("weights.bin"))).toBe(true);
  });

  test("a model put in place while it is read gives the new one and no error", async () => {
    await write(path, 1);
    await write(file("next"), 2);
    // A reader that saw the old description and then meets the new weights.
    const old = readFileSync(file("dlctl.json"));
    copyFileSync(join(file("next"), "weights.bin"), file("weights.bin"));
    writeFileSync(file("dlctl.json"), old);
    expect(await outputOf(path)).toEqual({ name: "model-2", output: 6 });
  });
});
