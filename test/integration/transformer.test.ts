import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { makeTinyImages, tinyColours } from "../helpers/tiny-images";
import { trainTiny } from "../helpers/tiny-model";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-transformer-"));
  await makeTinyImages(join(folder, "pictures"));
  trainTiny(folder, {
    name: "vision-transformer",
    seed: 1,
    data: {
      source: "image-folder",
      path: "pictures",
      split: { validation: 0.25, test: 0.25 },
      preprocess: [
        { op: "resize", width: 8, height: 8 },
        { op: "normalize", scale: 255 },
      ],
    },
    model: {
      layers: [
        { type: "patchEmbedding", size: 4, units: 8 },
        { type: "classToken" },
        { type: "positionalEncoding", kind: "learned" },
        { type: "encoderBlock", heads: 2, dropout: 0.1 },
        { type: "layerNormalization" },
        { type: "takeStep" },
        { type: "dense", units: "classes", activation: "softmax" },
      ],
    },
    train: { epochs: 12, batchSize: 6, optimizer: { type: "adam", learningRate: 0.01 } },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const colours = Object.entries(tinyColours);

test("a trained Vision Transformer opens in plain TensorFlow.js with the module beside it, and predicts the same", () => {
  const { files } = JSON.parse(readFileSync(join(folder, "model", "dlctl.json"), "utf8"));
  expect(Object.keys(files).sort()).toEqual(["dlctl-layers.js", "model.json", "weights.bin"]);
  const script = `
    const { readFileSync } = require("node:fs");
    const tf = require("@tensorflow/tfjs");
    const [, folder, colours] = process.argv;
    require(folder + "/dlctl-layers.js").registerDlctlLayers(tf);
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(folder + "/model.json", "utf8"));
    const weightData = new Uint8Array(readFileSync(folder + "/weights.bin")).buffer;
    tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData })).then((model) => {
      const pixels = JSON.parse(colours).map((colour) => tf.ones([8, 8, 1]).mul(tf.tensor(colour).div(255)));
      console.log(JSON.stringify(model.predict(tf.stack(pixels)).arraySync()));
    });`;
  const given = JSON.stringify(colours.map(([, colour]) => colour));
  const child = spawnSync(process.execPath, ["-e", script, join(folder, "model"), given], {
    cwd: projectFolder,
    encoding: "utf8",
  });
  expect(child.status).toBe(0);
  const plain: number[][] = JSON.parse(child.stdout);
  const pictures = colours.map(([name]) => join("pictures", name, "000.png"));
  const { stdout } = runDlctl(["predict", "model", ...pictures, "--json", "--device", "js"], { cwd: folder });
  const labels = Object.keys(tinyColours).sort();
  stdout
    .trim()
    .split("\n")
    .forEach((line, index) => {
      const { label, predictions } = JSON.parse(line);
      expect(label).toBe(colours[index]?.[0]);
      for (const each of predictions as { label: string; probability: number }[]) {
        expect(Math.abs(each.probability - (plain[index]?.[labels.indexOf(each.label)] as number))).toBeLessThan(1e-6);
      }
    });
});
