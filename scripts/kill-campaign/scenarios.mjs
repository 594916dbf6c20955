// What is trained while it is killed: small, and with much to get wrong.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const stack = (...layers) => ({ layers: [...layers, { type: "dense", units: "classes", activation: "softmax" }] });

const rings = {
  name: "rings",
  seed: 3,
  data: {
    source: "csv",
    path: "rings.csv",
    columns: { features: ["x", "y"], label: "ring" },
    split: { validation: 0.2 },
    preprocess: [{ op: "standardize" }],
  },
  model: stack(
    { type: "dense", units: 8, activation: "tanh" },
    { type: "batchNormalization" },
    { type: "dropout", rate: 0.2 },
  ),
  train: { epochs: 6, batchSize: 8, optimizer: { type: "adam", learningRate: 0.01 } },
};

const pictures = {
  name: "pictures",
  seed: 5,
  data: {
    source: "image-folder",
    path: "pictures",
    split: { validation: 0.25 },
    preprocess: [{ op: "normalize", scale: 255 }],
    augment: [{ op: "flip", direction: "horizontal" }],
  },
  model: stack(
    { type: "conv2d", filters: 4, kernelSize: 3 },
    { type: "flatten" },
    { type: "gaussianNoise", stddev: 0.1 },
  ),
  train: {
    epochs: 5,
    batchSize: 4,
    keep: "best",
    optimizer: { type: "nadam", learningRate: 0.01 },
    schedule: { type: "reduceOnPlateau", patience: 1, minDelta: 1 },
    earlyStopping: { patience: 10 },
    checkpoints: { everyEpochs: 2, keepLast: 1 },
  },
};

/** Configs by name, each with the options of `dlctl train` that it is run with. */
export const scenarios = [
  { name: "rings, compiled where that can be", config: "rings.json", options: [] },
  {
    name: "rings, op by op, momentum",
    config: "rings.json",
    options: ["--engine", "eager", "train.optimizer=momentum"],
  },
  { name: "pictures, best kept, learning rate by plateau", config: "pictures.json", options: [] },
];

/** Writes data and configs into `folder`. */
export async function writeScenarios(folder) {
  const rows = Array.from({ length: 60 }, (_, index) => {
    const radius = index % 2 === 0 ? 0.5 : 1.5;
    return [radius * Math.cos(2.4 * index), radius * Math.sin(2.4 * index), index % 2 === 0 ? "inner" : "outer"].join();
  });
  writeFileSync(join(folder, "rings.csv"), `x,y,ring\n${rows.join("\n")}\n`);
  for (const [label, red] of Object.entries({ dark: 20, bright: 180 })) {
    mkdirSync(join(folder, "pictures", label), { recursive: true });
    for (let number = 0; number < 10; number++) {
      const background = { r: red + 5 * number, g: 90, b: 200 - 7 * number };
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background } });
      await picture.png().toFile(join(folder, "pictures", label, `${number}.png`));
    }
  }
  for (const config of [rings, pictures]) writeFileSync(join(folder, `${config.name}.json`), JSON.stringify(config));
}
