import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { dlctlModule, root, tf } from "./dlctl-modules.mjs";
import { randomNumbers } from "./numbers.mjs";
import { runDlctl } from "./run-dlctl.mjs";

const labels = ["bright", "dark", "striped"];
const perClass = 12;

/**
 * A model trained by `dlctl train`: what its folder gives for preprocessed pictures on each device, and what `dlctl
 * predict --json` prints. The Python side reads model.json and weights.bin itself.
 */
export async function addFolderCase(file, devices, folder) {
  const shelf = join(folder, "pictures");
  const path = join(folder, "model");
  const pictures = await makePictures(shelf);
  const config = join(root, "scripts", "compare-keras", "folder-model.json");
  runDlctl("train", config, "--out", path, "--quiet", `data.path=${shelf}`);
  const predictions = runDlctl("predict", path, ...pictures, "--json", "--quiet")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { description, loadModel } = await dlctlModule("checkpoint/model-folder").readModelFolder(path);
  const { restorePreprocessing } = dlctlModule("data/preprocess/preprocessing");
  const { predictBatch } = dlctlModule("engine/predict-batch");
  const { startRuntime } = dlctlModule("runtime/start-runtime");
  const preprocessing = restorePreprocessing(description.preprocessing);
  const images = { kind: "image", count: pictures.length, image: (index) => ({ path: pictures[index] }) };
  const encoded = preprocessing.encode(images, { origin: (index) => pictures[index] });
  const raw = await encoded.read(Int32Array.from(pictures.keys()));
  const results = {};
  let inputs;
  for (const device of devices) {
    await startRuntime(device);
    const model = await loadModel();
    results[device] = file.tensor(predictBatch(model, preprocessing.deviceStage, raw));
    inputs ??= tf.tidy(() => file.tensor(preprocessing.deviceStage(tf.tensor(Float32Array.from(raw.data), raw.shape))));
    model.dispose();
  }
  await encoded.close();
  const layers = description.config.model.layers.map((layer) =>
    layer.units === "classes" ? { ...layer, units: description.labels.length } : layer,
  );
  const inputShape = raw.shape.slice(1);
  const model = { folder: path, layers, inputShape, labels: description.labels };
  file.add({ kind: "folder", name: "residual CNN", ...model, inputs, predictions, devices: results });
}

/** Noise of three kinds, in several sizes; PNG, so that Python could read the same pixels. Returns one of each kind. */
async function makePictures(folder) {
  const random = randomNumbers(71);
  for (const [kind, label] of labels.entries()) {
    mkdirSync(join(folder, label), { recursive: true });
    for (let number = 0; number < perClass; number++) {
      const [width, height] = [24 + number, 30 - number];
      const level = (at) => [150, 0, (at % 4) * 40][kind] + Math.floor(100 * random.next());
      const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => level(at));
      await sharp(data, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(join(folder, label, `${number}.png`));
    }
  }
  return labels.flatMap((label) => [1, 5].map((number) => join(folder, label, `${number}.png`)));
}
