import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expectFailure, listing } from "../helpers/expect-failure";
import { runDlctl } from "../helpers/run-dlctl";

// What goes wrong around a model folder: damaged ones, inputs that can't be read, places that can't be written,
// training that diverges. One small model is trained first, on the js device, so that this runs everywhere.

let folder: string;
let model: string;

const config = {
  name: "tiny",
  data: { source: "image-folder", path: "pictures", preprocess: [{ op: "normalize", scale: 255 }] },
  model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
  train: { epochs: 1, batchSize: 4, device: "js", tensorBoard: false },
};
const run = (...args: string[]) => runDlctl(args, { cwd: folder });
const train = (...args: string[]) => run("train", "config.json", ...args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-bad-model-"));
  model = join(folder, "models", "tiny");
  for (const [name, background] of Object.entries({ red: { r: 200, g: 0, b: 0 }, blue: { r: 0, g: 0, b: 200 } })) {
    mkdirSync(join(folder, "pictures", name), { recursive: true });
    for (let n = 0; n < 4; n++) {
      const picture = sharp({ create: { width: 6, height: 6, channels: 3, background } });
      await picture.png().toFile(join(folder, "pictures", name, `${n}.png`));
    }
  }
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "text.png"), "no picture");
  writeFileSync(join(folder, "empty.png"), "");
  writeFileSync(join(folder, "file"), "a file, not a folder");
  expect(train()).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const picture = join("pictures", "red", "0.png");

describe("a model folder", () => {
  test.each<[string, (copy: string) => void, readonly (string | RegExp)[]]>([
    ["that is not there", (copy) => rmSync(copy, { recursive: true }), ["no model folder"]],
    ["without dlctl.json", withoutDescription, ["dlctl.json"]],
    ["without weights", (copy) => rmSync(join(copy, "weights.bin")), ["weights.bin", "missing"]],
    ["with weights cut off", (copy) => truncateSync(join(copy, "weights.bin"), 8), ["weights.bin", "damaged"]],
    ["with a changed model.json", (copy) => writeFileSync(join(copy, "model.json"), "{}"), ["model.json", "damaged"]],
    ["with a dlctl.json that is no JSON", (copy) => truncateSync(join(copy, "dlctl.json"), 50), ["dlctl.json", "JSON"]],
    ["of a newer dlctl", (copy) => rewrite(copy, { formatVersion: 99 }), ["99", /newer/, "Update"]],
  ])("%s ends with 5", (name, damage, says) => {
    const copy = join(folder, `copy-${name.replaceAll(/\W/g, "-")}`);
    cpSync(model, copy, { recursive: true });
    damage(copy);
    expectFailure(run("predict", copy, picture, "--device", "js"), { code: 5, says: [copy, ...says] });
  });

  function withoutDescription(copy: string): void {
    for (const name of ["dlctl.json", "run"]) rmSync(join(copy, name), { recursive: true });
  }

  function rewrite(copy: string, change: object): void {
    const path = join(copy, "dlctl.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
  }
});

describe("inputs to predict", () => {
  test.each<[string, string, readonly (string | RegExp)[]]>([
    ["that are not there", "none.png", ["none.png", /not|no /]],
    ["that are text", "text.png", ["text.png", /image/]],
    ["that are empty", "empty.png", ["empty.png", /empty/]],
    ["that are a folder without pictures", "models", ["models", /no images/]],
  ])("%s end with 4", (_name, input, says) => {
    expectFailure(run("predict", "models/tiny", input, "--device", "js"), { code: 4, says });
  });

  test("the good ones are predicted beside the bad ones", () => {
    const { code, stdout } = run("predict", "models/tiny", "text.png", picture, "--json", "--device", "js");
    const [bad, good] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(4);
    expect(bad).toEqual({ input: "text.png", error: expect.stringMatching(/image/) });
    expect(good).toMatchObject({ input: picture, probability: expect.any(Number) });
  });
});

describe("places that can't be written", () => {
  test("a model folder below a file", () => {
    expectFailure(train("--out", "file/model"), { code: 7, says: [join("file", "model")] });
  });

  test("a file where the model folder should be", () => {
    expectFailure(train("--out", "file"), { code: 7, says: ["file"] });
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("a file, not a folder");
  });

  test("predictions below a file", () => {
    const result = run("predict", "models/tiny", picture, "--device", "js", "--output", "file/out.jsonl");
    expectFailure(result, { code: 7, says: [join("file", "out.jsonl")] });
  });
});

test("a device that is not there ends with 7", () => {
  const result = runDlctl(["train", "config.json", "--device", "gpu", "--out", "gpu-model"], {
    cwd: folder,
    env: { XDG_CACHE_HOME: join(folder, "empty-cache") },
  });
  expectFailure(result, { code: 7, says: ["gpu", "--device"] });
});

test("a training that diverges ends with 6, and leaves no model", () => {
  const result = train(
    "--out",
    "diverged",
    "train.optimizer=sgd",
    "train.optimizer.learningRate=1e38",
    "train.epochs=5",
  );
  expect(result.code).toBe(6);
  expect(result.stderr).toMatch(/step \d+/);
  expect(result.stderr).toMatch(/learning rate|learningRate/);
  expect(result.stderr).not.toMatch(/^\s+at .+:\d+/m);
  expect(listing(join(folder, "diverged"))).not.toContain("dlctl.json");
});

test("an unfinished run is refused with 2, and both ways out are named", () => {
  expectFailure(train("--out", "diverged"), { code: 2, says: ["diverged", "--resume", "--overwrite"] });
});
