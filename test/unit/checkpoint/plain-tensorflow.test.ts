import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { writeModelFolder } from "../../../src/checkpoint/write-model-folder";
import { buildModel } from "../../../src/model/build-model";
import { type LayerInput, layerSchema } from "../../../src/model/layer-config";
import { packageFolder } from "../../../src/runtime/package-folders";
import { tf } from "../../../src/runtime/tf";
import { largestDifference, numbersOf } from "../../helpers/layer-model";
import { startJsRuntime } from "../../helpers/runtime";
import { useTemporaryFolder } from "../../helpers/temporary-folder";
import { tinyDescription } from "../../helpers/tiny-description";

beforeAll(() => startJsRuntime());
const folder = useTemporaryFolder();

const build = (layers: readonly LayerInput[], shape: number[], dtype: "float32" | "int32") =>
  buildModel({ layers: layers.map((layer) => layerSchema.parse(layer)), input: { shape, dtype }, seed: 5 });

/** Nothing of dlctl: the npm package and what is in the model folder. Prints the outputs. */
const plainScript = `
  const { readFileSync } = require("node:fs");
  const tf = require("@tensorflow/tfjs");
  const [, folder, shape, dtype, values] = process.argv;
  require(folder + "/dlctl-layers.js").registerDlctlLayers(tf);
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(folder + "/model.json", "utf8"));
  const weightData = new Uint8Array(readFileSync(folder + "/weights.bin")).buffer;
  const artifacts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
  tf.loadLayersModel(tf.io.fromMemory(artifacts)).then((model) => {
    const input = tf.tensor(JSON.parse(values), JSON.parse(shape), dtype);
    console.log(JSON.stringify(Array.from(model.predict(input).dataSync())));
  });
`;

function predictPlainly(path: string, x: tf.Tensor): number[] {
  const given = [JSON.stringify(x.shape), x.dtype, JSON.stringify(numbersOf(x))];
  const child = spawnSync(process.execPath, ["-e", plainScript, path, ...given], {
    cwd: packageFolder,
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

/** Writes the model, and compares what plain TensorFlow.js and dlctl compute with it again. */
async function expectSame(model: tf.LayersModel, x: tf.Tensor): Promise<void> {
  const path = join(folder.path, "model");
  const labels = Array.from({ length: model.outputs[0]?.shape.at(-1) ?? 0 }, (_, index) => `class ${index}`);
  const input = { kind: "series", shape: model.inputs[0]?.shape.slice(1) ?? [], dtype: "float32" as const };
  await writeModelFolder(path, model, { ...tinyDescription, labels, input });
  const expected = tf.tidy(() => numbersOf(model.apply(x) as tf.Tensor));
  expect(expected.every(Number.isFinite)).toBe(true);
  expect(largestDifference(predictPlainly(path, x), expected)).toBeLessThan(1e-6);
  const loaded = await (await readModelFolder(path)).loadModel();
  expect(tf.tidy(() => numbersOf(loaded.apply(x) as tf.Tensor))).toEqual(expected);
}

test("plain TensorFlow.js opens an encoder and decoder over padded tokens", async () => {
  const model = build(
    [
      { type: "embedding", inputDim: 12, outputDim: 8, maskZero: true },
      { type: "positionalEncoding", kind: "learned", name: "tokens" },
      { type: "classToken", tokenInitializer: "glorotUniform" },
      { type: "encoderBlock", heads: 2 },
      { type: "layerNormalization", name: "memory" },
      { type: "positionalEncoding", inputs: ["tokens"] },
      { type: "rmsNormalization", name: "query" },
      { type: "decoderBlock", heads: 2, rotary: true, inputs: ["query", "memory"] },
      { type: "multiHeadAttention", heads: 4, causal: true },
      { type: "gru", units: 5, returnSequences: true },
      { type: "takeStep", step: "last" },
      { type: "dense", units: 3, activation: "softmax" },
    ],
    [6],
    "int32",
  );
  const tokens = tf.tensor2d([3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0, 0, 11, 2, 3], [3, 6], "int32");
  await expectSame(model, tokens);
});

test("plain TensorFlow.js opens a Vision Transformer", async () => {
  const model = build(
    [
      { type: "patchEmbedding", size: 4, units: 8 },
      { type: "classToken" },
      { type: "positionalEncoding", kind: "learned" },
      { type: "encoderBlock", heads: 2, order: "post", normalization: "rms", activation: "relu" },
      { type: "takeStep" },
      { type: "dense", units: 3 },
    ],
    [8, 8, 3],
    "float32",
  );
  await expectSame(model, tf.randomUniform([2, 8, 8, 3], -1, 1, "float32", 3));
});

test("a model of TensorFlow.js's own layers has no module beside it, even where one was", async () => {
  const path = join(folder.path, "model");
  folder.write("model/dlctl-layers.js", "// of another model");
  await writeModelFolder(path, build([{ type: "dense", units: 2 }], [3], "float32"), tinyDescription);
  expect(existsSync(join(path, "dlctl-layers.js"))).toBe(false);
});

test("a changed module is said to be damaged", async () => {
  const path = join(folder.path, "model");
  await writeModelFolder(path, build([{ type: "rmsNormalization" }], [3], "float32"), tinyDescription);
  folder.write("model/dlctl-layers.js", "// something else");
  await expect(readModelFolder(path)).rejects.toThrow(/dlctl-layers\.js is damaged/);
});
