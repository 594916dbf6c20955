import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DlctlResult, projectFolder, runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";
import { makeTinyImages, tinyColours } from "../helpers/tiny-images";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-train-cli-"));
  await makeTinyImages(join(folder, "pictures"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = {
  name: "colours",
  seed: 5,
  data: {
    source: "image-folder",
    path: "pictures",
    split: { validation: 0.25 },
    preprocess: [{ op: "normalize", scale: 255 }],
    augment: [{ op: "flip", direction: "horizontal" }],
  },
  model: {
    layers: [
      { type: "conv2d", filters: 4, kernelSize: 3, activation: "relu" },
      { type: "flatten" },
      { type: "dropout", rate: 0.2 },
      { type: "dense", units: "classes", activation: "softmax" },
    ],
  },
  train: { epochs: 8, batchSize: 4, optimizer: { type: "adam", learningRate: 0.01 } },
};

const train = (...args: string[]): DlctlResult => runDlctl(["train", ...args], { cwd: folder });
const weightsOf = (model: string) => readFileSync(join(folder, model, "weights.bin"));
const eventsOf = ({ stdout }: Pick<DlctlResult, "stdout">) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Starts a training and sends `signal` as soon as the first epoch is done. */
function trainUntilSignal(signal: NodeJS.Signals, ...args: string[]): Promise<DlctlResult & { signal: string | null }> {
  const child = spawn(process.execPath, [join(projectFolder, "bin", "dlctl"), "train", ...args, "--json"], {
    cwd: folder,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    if (stdout.includes('"event":"epoch"')) child.kill(signal);
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => {
    child.on("close", (code, endedBy) => resolve({ code, signal: endedBy, stdout, stderr }));
  });
}

const many = ["train.epochs=15", "train.checkpoints.everyEpochs=3"];

describe("dlctl train", () => {
  test("trains on images, and tells it in JSON lines as the contract has them", () => {
    const result = train("config.json", "--json");
    expect(result.stderr).not.toMatch(/error/i);
    expect(result.code).toBe(0);
    const events = eventsOf(result);
    const device = hasNativeRuntime ? "cpu" : "js";
    expect(events[0]).toEqual({
      event: "start",
      device,
      engine: expect.any(String),
      precision: "float32",
      resumedFrom: null,
    });
    expect(events.filter(({ event }) => event === "epoch").map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const done = events.at(-1);
    expect(done).toMatchObject({ event: "done", model: join("models", "colours"), epochs: 8, device });
    expect(Object.keys(done.metrics)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    expect(done.metrics.val_accuracy).toBe(1);
    expect(done.seconds).toBeGreaterThan(0);
    // No carriage return in a log, and a line an epoch.
    expect(result.stderr).not.toContain("\r");
    expect(result.stderr.match(/^epoch \d\/8 {2}loss \d/gm)).toHaveLength(8);
  });

  test("says where the model is and what comes next; the next command works", () => {
    const result = train("config.json", "train.epochs=1", "--out", "said");
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("The model is in said");
    expect(result.stdout).toMatch(/loss \d.*val_accuracy \d.*\(epoch 1\)/);
    expect(result.stdout).toContain("dlctl predict said <image>");
    expect(train("config.json", "train.epochs=1", "--out", "quiet", "--quiet").stderr).toBe("");
  });

  test("gives the same bytes for the same seed; --seed overrides the config's and is recorded", () => {
    for (const [out, ...options] of [["one"], ["two"], ["other", "--seed", "6"]] as string[][]) {
      expect(train("config.json", "train.epochs=2", "--out", out as string, ...options).code).toBe(0);
    }
    expect(weightsOf("two")).toEqual(weightsOf("one"));
    expect(weightsOf("other")).not.toEqual(weightsOf("one"));
    const resolved = JSON.parse(readFileSync(join(folder, "other", "run", "resolved.json"), "utf8"));
    expect(resolved.config).toMatchObject({ seed: 6, train: { epochs: 2 } });
    expect(JSON.parse(readFileSync(join(folder, "other", "run", "config.json"), "utf8"))).toEqual(config);
  });

  test("leaves a model that plain TensorFlow.js opens as a browser does", () => {
    expect(train("config.json", "--out", "plain").code).toBe(0);
    const [first, second] = [tinyColours.red, tinyColours.blue];
    const script = `
      const http = require("node:http"), fs = require("node:fs"), path = require("node:path");
      const tf = require("@tensorflow/tfjs");
      const server = http.createServer((request, response) =>
        fs.createReadStream(path.join(process.argv[1], request.url)).pipe(response));
      server.listen(0, "127.0.0.1", async () => {
        const model = await tf.loadLayersModel("http://127.0.0.1:" + server.address().port + "/model.json");
        const pixels = ${JSON.stringify([first, second])}.map((colour) => tf.ones([8, 8, 1]).mul(tf.tensor(colour).div(255)));
        process.stdout.write(JSON.stringify(model.predict(tf.stack(pixels)).arraySync()));
        server.close();
      });`;
    const child = spawnSync(process.execPath, ["-e", script, join(folder, "plain")], {
      cwd: projectFolder,
      encoding: "utf8",
    });
    expect(child.status).toBe(0);
    const plain: number[][] = JSON.parse(child.stdout);
    const pictures = ["red", "blue"].map((name) => join("pictures", name, "000.png"));
    const predicted = runDlctl(["predict", "plain", ...pictures, "--json"], { cwd: folder });
    const ours = eventsOf(predicted).map(({ predictions }) => predictions);
    const labels = Object.keys(tinyColours).sort();
    for (const [index, row] of plain.entries()) {
      for (const { label, probability } of ours[index]) {
        // Another implementation of the same float32 arithmetic.
        expect(Math.abs(probability - (row[labels.indexOf(label)] as number))).toBeLessThan(1e-5);
      }
    }
    expect(ours[0][0].label).toBe("red");
  });

  test("Ctrl-C: exit 130, how to go on; --resume needs nothing else and gives the same bytes as one run", async () => {
    const stopped = await trainUntilSignal("SIGINT", "config.json", ...many, "--out", "stopped");
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain(`dlctl train --resume ${join(folder, "stopped")}`);
    expect(stopped.stderr).not.toMatch(/^\s+at /m);
    expect(train("config.json", ...many, "--out", "stopped")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/unfinished run.*\n.*--resume.*--overwrite/),
    });
    const resumed = runDlctl(["train", "--resume", join(folder, "stopped"), "--json"], { cwd: tmpdir() });
    expect(resumed.code).toBe(0);
    const [start] = eventsOf(resumed);
    expect(start.resumedFrom).toEqual({ epoch: expect.any(Number), step: expect.any(Number) });
    expect(start.resumedFrom.step).toBeGreaterThan(0);
    expect(eventsOf(resumed).at(-1)).toMatchObject({ event: "done", model: join(folder, "stopped"), epochs: 15 });
    expect(train("config.json", ...many, "--out", "whole").code).toBe(0);
    expect(weightsOf("stopped")).toEqual(weightsOf("whole"));
    expect(train("--resume", "stopped")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/finished.*\n.*--init-from/),
    });
  });

  test("killed without warning, it resumes to the same bytes; the dead process's lock is ignored", async () => {
    const killed = await trainUntilSignal("SIGKILL", "config.json", ...many, "--out", "killed");
    expect(killed.signal).toBe("SIGKILL");
    expect(existsSync(join(folder, "killed", "run", "lock"))).toBe(true);
    expect(train("--resume", "killed").code).toBe(0);
    expect(existsSync(join(folder, "whole")) || train("config.json", ...many, "--out", "whole").code === 0).toBe(true);
    expect(weightsOf("killed")).toEqual(weightsOf("whole"));
  });

  test("--init-from takes another model's weights and says which", () => {
    expect(train("config.json", "train.epochs=6", "--out", "base").code).toBe(0);
    const result = train("config.json", "train.epochs=1", "--init-from", "base", "--out", "tuned", "--json");
    expect(result.stderr).toMatch(/weights taken from base: \S+, \S+/);
    const fresh = train("config.json", "train.epochs=1", "--out", "fresh", "--json");
    expect(eventsOf(result).at(-1).metrics.loss).toBeLessThan(eventsOf(fresh).at(-1).metrics.loss);
  });
});

describe("dlctl train refuses", () => {
  test.each<[string, string[], number, RegExp]>([
    ["no config", [], 2, /needs a config file/],
    ["a config that is not there", ["absent.json"], 3, /absent\.json/],
    ["--resume with a config", ["config.json", "--resume", "x"], 2, /can't be combined with config\.json/],
    ["--resume of nothing", ["--resume", "absent"], 2, /no run in absent|There is no run/],
    ["an engine that is not there", ["config.json", "--engine", "turbo"], 2, /turbo/],
    ["data that is not there", ["config.json", "data.path=absent", "--out", "m1"], 4, /absent/],
    [
      "an output that is not for the classes",
      ["config.json", "model.layers[3].units=7", "--out", "m2"],
      3,
      /model\.layers\[3\].*\[batch, 3\]/,
    ],
    ["an output folder that is a file", ["config.json", "--out", "config.json"], 7, /Can't write .*config\.json/],
    [
      "weights of no model",
      ["config.json", "--init-from", "pictures", "--out", "m3"],
      5,
      /pictures is not a model folder/,
    ],
    [
      "a diverging run",
      [
        "config.json",
        "train.optimizer.learningRate=1e30",
        "train.loss=meanSquaredError",
        "model.layers[3].activation=linear",
        "--out",
        "m4",
      ],
      6,
      /diverged: .* step \d+ in epoch \d+, at learning rate 1e\+30; the first that was none: .*\n.*learningRate/,
    ],
  ])("%s", (_name, args, code, message) => {
    const result = train(...args);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.stdout).toBe("");
    if (code !== 6) for (const name of ["m1", "m2", "m3"]) expect(existsSync(join(folder, name))).toBe(false);
  });
});
