import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

const block = {
  name: "block",
  data: {
    source: "image-folder",
    path: "nowhere",
    labels: ["a", "b"],
    preprocess: [{ op: "resize", width: 4, height: 4 }],
  },
  model: {
    layers: [
      { type: "conv2d", name: "first", filters: 3, kernelSize: 1 },
      { type: "add", name: "sum", inputs: ["first", "input"] },
      { type: "batchNormalization" },
      { type: "flatten" },
      { type: "dense", units: "classes", activation: "softmax" },
    ],
  },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-inspect-"));
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "rings.json"), JSON.stringify(ringsConfig));
  writeFileSync(join(folder, "block.json"), JSON.stringify(block));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspect = (...args: string[]) => runDlctl(["inspect", ...args], { cwd: folder });

describe("dlctl inspect", () => {
  test("a config with branches, without its data", () => {
    const { code, stdout, stderr } = inspect("block.json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const [, , , , , ...table] = stdout.trimEnd().split("\n");
    expect(table).toEqual([
      "layer (type)                               output shape      param #  connected to          FLOPs",
      "-----------------------------------------  ----------------  -------  --------------------  -----",
      expect.stringMatching(/^input \(input\) +\[batch, 4, 4, 3\] +0 {2}- +0$/),
      expect.stringMatching(/^first \(conv2d\) +\[batch, 4, 4, 3\] +12 {2}input +336$/),
      expect.stringMatching(/^sum \(add\) +\[batch, 4, 4, 3\] +0 {2}first, input +48$/),
      expect.stringMatching(/^batchNormalization_1 \(batchNormalization\) +\[batch, 4, 4, 3\] +12 {2}sum +240$/),
      expect.stringMatching(/^flatten_1 \(flatten\) +\[batch, 48\] +0 {2}batchNormalization_1 +0$/),
      expect.stringMatching(/^dense_1 \(dense\) +\[batch, 2\] +98 {2}flatten_1 +204$/),
      "",
      "Total params: 122 (488 B)",
      "Trainable params: 116 (464 B)",
      "Non-trainable params: 6 (24 B)",
      // conv 2*16*9 + 48, sum 48, normalization 5*48, dense 2*48*2 + 2 + softmax 5*2.
      "828 floating-point operations to predict one example",
    ]);
  });

  test("a config whose input only the data tells, with overrides, as JSON", () => {
    const { code, stdout } = inspect(
      "rings.json",
      'data.columns.features=["x..y"]',
      "model.layers[0].units=4",
      "--json",
    );
    expect(code).toBe(0);
    const { layers, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ name: "rings", task: "classification", inputShape: [2], labels: ["inner", "outer"] });
    expect(layers[1]).toEqual({
      name: "dense_1",
      type: "dense",
      inputs: ["input"],
      outputShape: [null, 4],
      parameters: 12,
      trainable: 12,
      // 2*2*4, 4 for the bias and 4 for each tanh.
      flops: 36,
    });
  });

  test("a trained model: labels, metrics, preprocessing, versions", () => {
    const trained = runDlctl(["train", "rings.json", "--out", "model", "--device", "js", "train.epochs=1"], {
      cwd: folder,
    });
    expect(trained.code).toBe(0);
    const { code, stdout, stderr } = inspect("model");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/classes +2: inner, outer/);
    expect(stdout).toMatch(
      /metrics +loss [\d.]+, accuracy [\d.]+, val_loss [\d.]+, val_accuracy [\d.]+ \(after epoch 1\)/,
    );
    expect(stdout).toMatch(/trained +1 epoch on 54 examples in [\d.]+ s on js in float32, seed 3/);
    expect(stdout).toMatch(/versions +.*tfjs 4/);
    expect(stdout).toMatch(/^dense_2 \(dense\) +\[batch, 2\] +18 +44$/m);
    expect(stdout).toContain("Total params: 74 (296 B)\nTrainable params: 58 (232 B)\nNon-trainable params: 16 (64 B)");
    const json = JSON.parse(inspect("model", "--json").stdout);
    expect(json).toMatchObject({ labels: ["inner", "outer"], parameters: 74, preprocessing: { kind: "vector" } });
  });
});

describe("dlctl inspect --diagram", () => {
  test("draws the layers into a file", () => {
    const { code, stdout, stderr } = inspect("block.json", "--diagram", "block.svg", "--json");
    expect(code).toBe(0);
    expect(stderr).toBe("Wrote the diagram to block.svg\n");
    expect(JSON.parse(stdout)).toMatchObject({ name: "block", diagram: "block.svg" });
    const svg = readFileSync(join(folder, "block.svg"), "utf8");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain("sum (add) from first and input: [batch, 4, 4, 3]");
  });

  test("a file that can't be written ends with 7, and says which option is meant", () => {
    const { code, stderr } = inspect("block.json", "--diagram", "block.json/block.svg");
    expect(code).toBe(7);
    expect(stderr).toContain("--diagram");
  });
});

describe("dlctl inspect refuses", () => {
  test.each<[string, string[], number, string]>([
    ["overrides of a folder", [".", "seed=1"], 2, "overrides are for configs"],
    ["a folder that is no model", ["."], 5, "no dlctl.json"],
    ["what is not there", ["nowhere"], 3, "There is no config file nowhere"],
    ["a diagram as PNG", ["block.json", "--diagram", "block.png"], 2, "ends in .svg"],
    [
      "shapes that don't fit",
      ["block.json", "model.layers[4].type=conv2d", "model.layers[4].units=2"],
      3,
      "model.layers[4]",
    ],
  ])("%s", (_, args, code, message) => {
    const result = inspect(...args);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result).toMatchObject({ code, stdout: "" });
  });
});
