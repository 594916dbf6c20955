import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { makePictures } from "../smoke.mjs";
import { dlctlModule, root } from "./dlctl-modules.mjs";

const pictures = ["red/3.png", "blue/7.png", "red/11.png", "blue/0.png"];

/** A model trained by `dlctl train`, and its outputs on preprocessed pictures; also what `dlctl predict --json` prints. */
export async function addFolderCase(file, devices, folder) {
  const shelf = join(folder, "pictures");
  const model = join(folder, "model");
  await makePictures(shelf);
  const config = join(root, "scripts", "compare-keras", "folder-model.json");
  dlctl("train", config, "--out", model, "--quiet", `data.path=${shelf}`);
  const paths = pictures.map((name) => join(shelf, name));
  const lines = dlctl("predict", model, ...paths, "--json", "--quiet")
    .trim()
    .split("\n");
  const { description, loadModel } = await dlctlModule("checkpoint/model-folder").readModelFolder(model);
  const results = {};
  let pixels;
  for (const device of devices) {
    await dlctlModule("runtime/start-runtime").startRuntime(device);
    const { inputs, outputs } = await predict(description, await loadModel(), paths);
    pixels ??= file.tensor(inputs);
    results[device] = file.tensor(outputs);
  }
  file.add({
    kind: "folder",
    name: "model.json and weights.bin",
    folder: model,
    layers: description.config.model.layers,
    labels: description.labels,
    inputs: pixels,
    predictions: lines.map((line) => JSON.parse(line)),
    devices: results,
  });
}
