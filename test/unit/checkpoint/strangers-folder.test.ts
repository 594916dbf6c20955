import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { sha256 } from "../../../src/checkpoint/tensor-file";
import { writeModelFolder } from "../../../src/checkpoint/write-model-folder";
import { tf } from "../../../src/runtime/tf";
import { ModelFolderError } from "../../../src/shared/errors";
import { startJsRuntime } from "../../helpers/runtime";
import { useTemporaryFolder } from "../../helpers/temporary-folder";
import { tinyDescription } from "../../helpers/tiny-description";

// Model folders made by someone who means harm: every sum is right.

beforeAll(() => startJsRuntime());
const folder = useTemporaryFolder();
const file = (name: string) => join(folder.path, name);

interface SerializedLayer {
  class_name: string;
  config: Record<string, unknown>;
}
interface Topology {
  modelTopology: { class_name: string; config: { layers: SerializedLayer[] } & Record<string, unknown> };
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}

beforeEach(async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: "hidden", units: 4, activation: "relu", inputShape: [3] }),
      tf.layers.dense({ name: "output", units: 2, activation: "softmax" }),
    ],
  });
  await writeModelFolder(folder.path, model, tinyDescription);
  model.dispose();
});

function resign(): void {
  const description = JSON.parse(readFileSync(file("dlctl.json"), "utf8"));
  for (const name of ["model.json", "weights.bin"]) description.files[name] = sha256(readFileSync(file(name)));
  writeFileSync(file("dlctl.json"), JSON.stringify(description));
}

function editTopology(edit: (content: Topology) => void): void {
  const content = JSON.parse(readFileSync(file("model.json"), "utf8"));
  edit(content);
  writeFileSync(file("model.json"), JSON.stringify(content));
  resign();
}

/** Changes model.json as text: what JSON.stringify would not write. */
function replaceInTopology(found: string, by: string): void {
  const text = readFileSync(file("model.json"), "utf8");
  expect(text).toContain(found);
  writeFileSync(file("model.json"), text.replace(found, by));
  resign();
}

const setOption = (name: string, value: unknown) => () =>
  editTopology(({ modelTopology }) => {
    Object.assign((modelTopology.config.layers[0] as SerializedLayer).config, { [name]: value });
  });
const insert = (class_name: string, config: object) => () =>
  editTopology(({ modelTopology }) => {
    modelTopology.config.layers.splice(1, 0, { class_name, config: { name: "inserted", trainable: true, ...config } });
  });

/** As a model that is wired by name, its hidden layer's input being `inbound`. */
const wire = (inbound: unknown) =>
  editTopology(({ modelTopology }) => {
    const { layers } = modelTopology.config;
    const input = { class_name: "InputLayer", config: { batch_input_shape: [null, 3], name: "in" } };
    Object.assign(modelTopology, {
      class_name: "Model",
      config: {
        name: "model",
        layers: [
          { ...input, name: "in", inbound_nodes: [] },
          { ...layers[0], name: "hidden", inbound_nodes: [inbound] },
          { ...layers[1], name: "output", inbound_nodes: [[["hidden", 0, 0, {}]]] },
        ],
        input_layers: [["in", 0, 0]],
        output_layers: [["output", 0, 0]],
      },
    });
  });

const load = () => readModelFolder(folder.path).then((read) => read.loadModel());

test("the folder is sound before it is harmed", async () => {
  (await load()).dispose();
});

test.each<[string, () => void, RegExp]>([
  ["a layer of 10^12 units", setOption("units", 1e12), /"hidden" takes more weights than there are/],
  ["a layer of 10^308 units", setOption("units", 1e308), /"hidden" takes more weights than there are/],
  ["a layer of -4 units", setOption("units", -4), /can't be built|does not describe/],
  ["an input of 10^12 numbers", setOption("batch_input_shape", [null, 1e12]), /its input is of shape/],
  ["a batch of 10^12 examples", setOption("batch_input_shape", [1e12, 3]), /its input is of shape/],
  ["a layer that repeats without end", insert("RepeatVector", { n: 1e12 }), /the output of its layer "inserted"/],
  ["a reshape to more than there is", insert("Reshape", { target_shape: [1e9, 1e9] }), /does not describe/],
  ["a layer of code", insert("Lambda", { function: "process.exit()" }), /no kind of layer.*"Lambda"/],
  ["a layer that is JavaScript's own", insert("constructor", {}), /no kind of layer.*"constructor"/],
  ["a layer that is every object's", insert("__proto__", {}), /no kind of layer.*"__proto__"/],
  ["an initializer that is a layer", setOption("kernel_initializer", { class_name: "Dense", config: {} }), /does not/],
  ["an initializer that is not there", setOption("kernel_initializer", { class_name: "eval", config: {} }), /"eval"/],
  ["an activation that is not there", setOption("activation", "constructor"), /does not describe/],
  [
    "a layer that takes a layer that is not there",
    () => wire([["nobody", 0, 0, {}]]),
    /"hidden" takes the output of one that/,
  ],
  ["a layer that takes itself", () => wire([["hidden", 0, 0, {}]]), /"hidden" takes the output of one that/],
  ["a layer that takes a later call", () => wire([["in", 7, 0, {}]]), /"hidden" takes the output of one that/],
  ["a layer that takes nothing", () => wire([]), /how its layers are wired/],
  [
    "a key that is spelled otherwise",
    () => replaceInTopology('"class_name":"Dense"', '"className":"Lambda","class_name":"Dense"'),
    /"className" stands in it for "class_name"/,
  ],
  ["wiring that is none", () => wire("hidden"), /how its layers are wired/],
  [
    "100,000 layers",
    () =>
      editTopology(({ modelTopology }) => {
        const layer = modelTopology.config.layers[0] as SerializedLayer;
        for (let n = 0; n < 100_000; n++) modelTopology.config.layers.push({ ...layer });
      }),
    /more than 10000 layers/,
  ],
  [
    "a number beyond all numbers",
    () => replaceInTopology('"units":4', '"units":1e999'),
    /model\.json is damaged.*beyond all numbers/,
  ],
  [
    "JSON nested a million deep",
    () => replaceInTopology('"units":4', `"units":${"[".repeat(1e6)}${"]".repeat(1e6)}`),
    /model\.json is damaged.*nested more than 100/,
  ],
  [
    "a prototype",
    () => replaceInTopology('"units":4', '"units":4,"__proto__":{"polluted":true}'),
    /model\.json is damaged.*__proto__/,
  ],
  [
    "a prototype that is spelled otherwise",
    () => replaceInTopology('"units":4', '"units":4,"\\u005f_proto__":{"polluted":true}'),
    /model\.json is damaged.*__proto__/,
  ],
  [
    "weights of NaN",
    () => {
      const weights = readFileSync(file("weights.bin"));
      weights.writeFloatLE(Number.NaN, 8);
      writeFileSync(file("weights.bin"), weights);
      resign();
    },
    /weights\.bin is damaged: hidden\/kernel holds values that are not finite/,
  ],
  [
    "weights of 10 GiB that a sparse file holds",
    () => {
      editTopology(({ weightsManifest }) => weightsManifest[0]?.weights[0]?.shape.splice(0, 2, 3, 4e6));
      truncateSync(file("weights.bin"), 10 * 2 ** 30);
    },
    /weights\.bin is damaged: it has 10737418240 bytes, and model\.json declares/,
  ],
  [
    "sizes whose product is no number",
    () =>
      editTopology(({ weightsManifest }) =>
        weightsManifest[0]?.weights[0]?.shape.splice(0, 2, ...Array(30).fill(1e15)),
      ),
    /model\.json declares Infinity/,
  ],
  [
    "a weight that is not there",
    () =>
      editTopology(({ weightsManifest }) => Object.assign(weightsManifest[0]?.weights[0] ?? {}, { name: "toString" })),
    /does not describe/,
  ],
])("%s: refused", async (_name, harm, message) => {
  const tensors = tf.memory().numTensors;
  harm();
  const failure = await load().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ModelFolderError);
  const { message: text, hint } = failure as ModelFolderError;
  expect(text).toMatch(message);
  expect(text).toContain(folder.path);
  expect([text.includes("\n"), text.length < 500, Boolean(hint)]).toEqual([false, true, true]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  // tfjs itself keeps the four that it has decoded when the names are not the model's.
  expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors + 4);
});

test("one that is wired rightly is loaded", async () => {
  wire([["in", 0, 0, {}]]);
  (await load()).dispose();
});

test.each<[string, (description: Record<string, unknown>) => void, RegExp]>([
  ["more labels than outputs", (d) => Object.assign(d, { labels: ["a", "b", "c"] }), /2 outputs.*names 3 labels/],
  ["no labels", (d) => Object.assign(d, { labels: null }), /2 outputs.*names 0 labels/],
  [
    "another input than the model's",
    (d) => Object.assign(d, { input: { kind: "vector", shape: [7], dtype: "float32" } }),
    /takes \[.*3\].*states \[.*7\]/,
  ],
])("a description that states %s is refused", async (_name, harm, message) => {
  const description = JSON.parse(readFileSync(file("dlctl.json"), "utf8"));
  harm(description);
  writeFileSync(file("dlctl.json"), JSON.stringify(description));
  await expect(load()).rejects.toThrow(ModelFolderError);
  await expect(load()).rejects.toThrow(message);
});

test.each(["dlctl.json", "model.json", "weights.bin"])(
  "%s as a pipe or a folder is refused and not waited for",
  async (name) => {
    rmSync(file(name));
    execFileSync("mkfifo", [file(name)]);
    await expect(load()).rejects.toThrow(/is no regular file|is damaged/);
    rmSync(file(name));
    mkdirSync(file(name));
    await expect(load()).rejects.toThrow(ModelFolderError);
  },
);

test.each(["dlctl.json", "model.json", "weights.bin"])("%s as a link elsewhere is refused", async (name) => {
  const elsewhere = join(folder.path, "elsewhere");
  mkdirSync(elsewhere);
  renameSync(file(name), join(elsewhere, name));
  symlinkSync(join(elsewhere, name), file(name));
  await expect(load()).rejects.toThrow(/is a link to another place/);
});

test("a description of 100 MiB is not read", async () => {
  truncateSync(file("dlctl.json"), 100 * 2 ** 20);
  await expect(load()).rejects.toThrow(/dlctl\.json is damaged: it is larger than 64 MiB/);
});
