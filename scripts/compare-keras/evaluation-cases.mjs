import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./dlctl-modules.mjs";
import { runDlctl } from "./run-dlctl.mjs";

const tides = join(root, "data", "tables", "tides.csv");
const play = join(root, "data", "texts", "romeo-and-juliet.txt");
const train = { epochs: 1, batchSize: 32, optimizer: { type: "adam", learningRate: 0.005 }, tensorBoard: false };
const scores = { type: "dense", units: "classes", activation: "softmax" };

const cases = [
  {
    kind: "forecast",
    name: "GRU, one of two columns, every second row",
    data: {
      ...{
        source: "csv",
        path: tides,
        ignore: ["hour"],
        columns: { features: ["wind", "height"], target: ["height"] },
      },
      window: { length: 48, horizon: 6, stride: 2 },
      split: { validation: 0.1, test: 0.2 },
      preprocess: [{ op: "standardize" }],
    },
    layers: [
      { type: "gru", units: 16 },
      { type: "dense", units: 6 },
    ],
  },
  {
    // A horizon longer than the window: there are no last values to repeat.
    kind: "forecast",
    name: "dense, two columns, relative to the last row, a long horizon",
    data: {
      ...{ source: "csv", path: tides, ignore: ["hour"], columns: { features: ["wind", "height"] } },
      ...{ window: { length: 12, horizon: 16, relativeTo: "last" }, preprocess: [{ op: "minMax" }] },
      split: { validation: 0.15, test: 0.15, method: "last" },
    },
    targets: ["height", "wind"],
    layers: [{ type: "flatten" }, { type: "dense", units: 24, activation: "tanh" }, { type: "dense", units: 32 }],
  },
  {
    kind: "language",
    name: "decoder over characters",
    data: {
      ...{ source: "text", path: play, window: { length: 64 }, preprocess: [{ op: "tokenize", unit: "character" }] },
      split: { validation: 0.05, test: 0.1 },
    },
    layers: [
      { type: "embedding", outputDim: 32 },
      { type: "positionalEncoding", kind: "learned" },
      { type: "decoderBlock", heads: 4, feedForward: 64 },
      { type: "decoderBlock", heads: 2, feedForward: 64 },
      { type: "layerNormalization" },
      scores,
    ],
  },
  {
    // Words have several characters each, and many are unknown.
    kind: "language",
    name: "decoder over 400 words, rotary",
    data: {
      ...{ source: "text", path: play, window: { length: 24 }, split: { validation: 0.1, test: 0.15 } },
      preprocess: [{ op: "tokenize", unit: "word", vocabulary: 400 }],
    },
    layers: [
      { type: "embedding", outputDim: 24 },
      { type: "decoderBlock", heads: 2, feedForward: 48, normalization: "rms", rotary: true },
      scores,
    ],
  },
];

/**
 * Models trained by `dlctl train`, and what `dlctl evaluate --json` prints of their test split on each device. The Python side has the model
 * folder and the data file.
 */
export function addEvaluationCases(file, devices, folder) {
  mkdirSync(join(folder, "evaluated"));
  for (const [number, { kind, name, data, targets, layers }] of cases.entries()) {
    const model = join(folder, "evaluated", String(number));
    const columns = targets ? { columns: { ...data.columns, target: targets } } : {};
    const metrics = kind === "forecast" ? ["meanAbsoluteError"] : ["perplexity"];
    const loss = kind === "forecast" ? { loss: "meanSquaredError" } : {};
    const config = { name: `evaluated-${number}`, data: { ...data, ...columns }, model: { layers } };
    writeFileSync(`${model}.json`, JSON.stringify({ ...config, train: { ...train, ...loss, metrics } }));
    runDlctl("train", `${model}.json`, "--out", model, "--quiet", "--no-report");
    const results = Object.fromEntries(
      devices.map((device) => [
        device,
        JSON.parse(runDlctl("evaluate", model, "--split", "test", "--json", "--quiet", "--device", device)),
      ]),
    );
    file.add({ kind, name, folder: model, data: data.path, devices: results });
  }
}
