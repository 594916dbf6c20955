import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { modelPreprocessing } from "../../../src/checkpoint/model-preprocessing";
import { sha256 } from "../../../src/checkpoint/tensor-file";
import { writeModelFolder } from "../../../src/checkpoint/write-model-folder";
import type { ExampleInputs } from "../../../src/data/example-set";
import { decodePolicy } from "../../../src/data/preprocess/preprocessing-record";
import { predictBatch } from "../../../src/engine/predict-batch";
import { buildModel } from "../../../src/model/build-model";
import { type LayerInput, layerSchema } from "../../../src/model/layer-config";
import { byteChanges, changeBytes, corruptJson } from "../../helpers/corruptions";
import { fuzzTest } from "../../helpers/fuzz";
import { startJsRuntime } from "../../helpers/runtime";
import { tinyDescription } from "../../helpers/tiny-description";

let folder: string;
beforeAll(async () => {
  // tfjs warns of some of what it is given.
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  await startJsRuntime();
  folder = mkdtempSync(join(tmpdir(), "dlctl-fuzz-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);

const layers: readonly LayerInput[] = [
  { type: "conv2d", filters: 2, kernelSize: 3, activation: "relu", kernelRegularizer: { type: "l2" } },
  { type: "batchNormalization" },
  { type: "maxPooling2d", poolSize: 2 },
  { type: "flatten" },
  { type: "dropout", rate: 0.5 },
  { type: "dense", units: 2, activation: "softmax", kernelConstraint: { type: "maxNorm" } },
];

/** A small CNN's folder, in memory. */
async function makeFiles(): Promise<Record<"dlctl.json" | "model.json" | "weights.bin", Buffer>> {
  const model = buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape: [6, 6, 3], dtype: "float32" },
    seed: 1,
  });
  await writeModelFolder(folder, model, {
    ...tinyDescription,
    input: { kind: "image", shape: [6, 6, 3], dtype: "uint8" },
    preprocessing: {
      kind: "image",
      decode: decodePolicy([0, 0, 0]),
      input: { width: null, height: null, channels: 3 },
      ops: [{ op: "resize", width: 6, height: 6, fit: "cover", kernel: "linear", background: [0, 0, 0] }],
      normalize: [{ scale: [255], mean: [0], std: [1] }],
    },
  });
  model.dispose();
  const read = (name: string) => readFileSync(file(name));
  return { "dlctl.json": read("dlctl.json"), "model.json": read("model.json"), "weights.bin": read("weights.bin") };
}

let files: Awaited<ReturnType<typeof makeFiles>>;
beforeAll(async () => {
  files = await makeFiles();
});

function write(changed: Partial<typeof files>): void {
  for (const [name, bytes] of Object.entries({ ...files, ...changed })) writeFileSync(file(name), bytes);
}

/** With the sums of what is there, as one who means harm would. */
function writeSigned(changed: Partial<typeof files>): void {
  const all = { ...files, ...changed };
  const description = JSON.parse(all["dlctl.json"].toString("utf8"));
  if (typeof description?.files === "object" && description.files) {
    for (const name of ["model.json", "weights.bin"] as const) description.files[name] = sha256(all[name]);
  }
  write({ ...changed, "dlctl.json": Buffer.from(JSON.stringify(description)) });
}

const pixels = Uint8Array.from({ length: 8 * 7 * 3 }, (_, index) => (index * 29) & 255);
const inputs: ExampleInputs = { kind: "image", count: 1, image: () => ({ pixels, width: 8, height: 7, channels: 3 }) };

/** What `dlctl predict` does. */
async function usePredictor(): Promise<void> {
  const read = await readModelFolder(folder);
  const preprocessing = modelPreprocessing(read);
  const model = await read.loadModel();
  const encoded = preprocessing.encode(inputs, { origin: () => "pixels", cache: "none" });
  try {
    predictBatch(model, preprocessing.deviceStage, await encoded.read(Int32Array.of(0)));
  } finally {
    await encoded.close();
    model.dispose();
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}

const named = fc.tuple(fc.constantFrom("dlctl.json", "model.json", "weights.bin"), byteChanges);

fuzzTest("damaged files", named, { runs: 300 }, async ([name, changes]) => {
  const key = name as keyof typeof files;
  const bytes = changeBytes(files[key], changes);
  write({ [key]: bytes });
  await usePredictor();
  // Only a description that differs in what nothing depends on may pass.
  expect(name === "dlctl.json" || bytes.equals(files[key])).toBe(true);
});

/** Drawn without the files, which are made later. */
const seeds = fc.tuple(fc.constantFrom("dlctl.json", "model.json"), fc.nat());
fuzzTest("other JSON, with right sums", seeds, { runs: 600 }, async ([name, seed]) => {
  const key = name as keyof typeof files;
  const [value] = fc.sample(corruptJson(JSON.parse(files[key].toString("utf8"))), { seed, numRuns: 1 });
  writeSigned({ [key]: Buffer.from(JSON.stringify(value)) });
  await usePredictor();
});

fuzzTest("other weights, with right sums", byteChanges, { runs: 100 }, async (changes) => {
  writeSigned({ "weights.bin": changeBytes(files["weights.bin"], changes) });
  await usePredictor();
});
