import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { trainColourModel, trainTiny } from "../helpers/tiny-model";

let folder: string;
const words = (index: number) => (index % 2 === 0 ? `the sun is bright ${index}` : `the rain is dark ${index}`);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-explain-"));
  await trainColourModel(folder);
  const rows = Array.from({ length: 40 }, (_, index) => `${words(index)},${index % 2 === 0 ? "fine" : "bad"}`);
  writeFileSync(join(folder, "weather.csv"), `text,label\n${rows.join("\n")}\n`);
  const weather = {
    name: "weather",
    seed: 1,
    data: {
      source: "csv",
      path: "weather.csv",
      columns: { text: "text", label: "label" },
      split: { validation: 0.1 },
      preprocess: [
        { op: "tokenize", unit: "word", vocabulary: 50 },
        { op: "pad", length: 8 },
      ],
    },
    model: {
      layers: [
        { type: "embedding", outputDim: 4, maskZero: true },
        { type: "globalAveragePooling1d" },
        { type: "dense", units: "classes", activation: "softmax" },
      ],
    },
    train: { epochs: 30, batchSize: 8, optimizer: { type: "adam", learningRate: 0.05 } },
  };
  trainTiny(folder, weather, "weather");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explain = (...args: string[]) => runDlctl(["explain", ...args, "--device", "js"], { cwd: folder });

const isPng = (path: string) => readFileSync(join(folder, path)).subarray(1, 4).toString() === "PNG";

describe("dlctl explain", () => {
  test("an image: a drawing of its own, and the map as JSON", () => {
    const { code, stdout } = explain("model", "pictures/red/000.png", "--json");
    expect(code).toBe(0);
    const { map, completeness, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({
      input: "pictures/red/000.png",
      method: "integrated-gradients",
      class: "red",
      output: "000.integrated-gradients.png",
    });
    expect(map.shape).toEqual([8, 8]);
    expect(map.values).toHaveLength(64);
    // A linear model: complete up to rounding.
    expect(completeness.sum).toBeCloseTo(completeness.difference, 3);
    expect(isPng("000.integrated-gradients.png")).toBe(true);
  });

  test("several images go into a folder, each with a name of its own, and a bad one is told", () => {
    const { code, stdout, stderr } = explain(
      ...["model", "pictures/red/000.png", "pictures/blue/000.png", "nothere.png"],
      ...["--method", "occlusion", "--class", "blue", "--output", "maps/all"],
    );
    expect(code).toBe(4);
    expect(isPng("maps/all/000.occlusion.png")).toBe(true);
    expect(isPng("maps/all/000.occlusion-2.png")).toBe(true);
    expect(stdout).toContain("nothere.png  error: There is no such file or folder");
    expect(stderr).toContain("1 of 3 inputs could not be explained");
  });

  test("a text: the words that matter, without colours where there is no terminal, and a page where one is wanted", () => {
    const { code, stdout } = explain("weather", "--text", "the sun is bright", "--output", "sun.html");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^the sun is bright {2}fine, [\d.]+ %: integrated-gradients {2}drawn in sun\.html$/m);
    expect(stdout).not.toContain("\u001b[");
    const [first] = stdout.split("\n").slice(4);
    expect(first).toMatch(/^(sun|bright) +[\d.]+ +\++$/);
    const page = readFileSync(join(folder, "sun.html"), "utf8");
    expect(page).toContain('<mark class="for"');
    expect(page).not.toMatch(/<script|src=|href=/);
  });

  test("colours for whoever wants them", () => {
    const { stdout } = runDlctl(["explain", "weather", "--text", "the sun is bright", "--device", "js"], {
      cwd: folder,
      env: { FORCE_COLOR: "1", NO_COLOR: undefined },
    });
    expect(stdout).toContain("\u001b[");
    expect(existsSync(join(folder, "input.integrated-gradients.html"))).toBe(false);
  });

  test.each<[string, string[], number, string]>([
    ["nothing to explain", ["model"], 2, "nothing to explain"],
    [
      "a method that needs what the model has not",
      ["model", "pictures/red/000.png", "--method", "attention"],
      2,
      "no attention",
    ],
    ["a class that is none", ["model", "pictures/red/000.png", "--class", "gren"], 2, "Did you mean green?"],
    ["a drawing of another kind", ["model", "pictures/red/000.png", "--output", "x.svg"], 2, "ends in .svg"],
    [
      "one file for two",
      ["model", "pictures/red/000.png", "pictures/red/001.png", "--output", "x.png"],
      2,
      "Name a folder",
    ],
    ["a text for a model of images", ["model", "--text", "red"], 2, "for models of texts"],
    ["no model", ["pictures", "x.png"], 5, "not a model folder"],
  ])("refuses %s", (_, args, code, message) => {
    const result = explain(...args);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.code).toBe(code);
  });
});

describe("dlctl data", () => {
  const data = (...args: string[]) => runDlctl(["data", ...args, "--device", "js"], { cwd: folder });
  const config = (name: string, value: object) => {
    writeFileSync(join(folder, name), JSON.stringify({ model: { layers: [{ type: "flatten" }] }, ...value }));
    return name;
  };

  test("images: classes, sizes, copies across splits, look-alikes, and a contact sheet", () => {
    const path = config("sheet.json", {
      name: "sheet",
      seed: 1,
      data: {
        source: "image-folder",
        path: "pictures",
        split: { validation: 0.25, test: 0.25 },
        preprocess: [
          { op: "resize", width: 8, height: 8 },
          { op: "normalize", scale: 255 },
        ],
        augment: [{ op: "flip", direction: "both" }],
      },
    });
    const { code, stdout } = data(path, "--json", "--output", "sheet", "--samples", "4");
    expect(code).toBe(0);
    const survey = JSON.parse(stdout);
    expect(survey).toMatchObject({ task: "classification", kind: "image", shape: [8, 8, 3], decoded: 36 });
    expect(survey.classes.map(({ label }: { label: string }) => label)).toEqual(["blue", "green", "red"]);
    expect(survey.spreads[0]).toMatchObject({ name: "width", least: 8, most: 8, count: 36 });
    expect(survey.spreads[2]).toMatchObject({ name: "red, normalized" });
    expect(survey.spreads[2].most).toBeLessThanOrEqual(1);
    expect(survey.samples).toHaveLength(4);
    expect(new Set(survey.samples.map(({ label }: { label: string }) => label)).size).toBe(3);
    expect(survey.files).toEqual([join("sheet", "contact-sheet.png")]);
    expect(isPng("sheet/contact-sheet.png")).toBe(true);
  });

  test("texts: lengths, tokens with their ids, copies whose labels contradict each other", () => {
    writeFileSync(
      join(folder, "copies.csv"),
      `text,label\n${Array.from({ length: 20 }, (_, index) => `word number ${index % 19},${index < 19 ? "a" : "b"}`).join("\n")}\nan other one,b\nyet another,b\n`,
    );
    const path = config("texts.json", {
      name: "texts",
      seed: 1,
      data: {
        source: "csv",
        path: "copies.csv",
        columns: { text: "text", label: "label" },
        split: { validation: 0.2 },
        preprocess: [
          { op: "tokenize", unit: "word", vocabulary: 30 },
          { op: "pad", length: 4 },
        ],
      },
    });
    const { code, stdout } = data(path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Copies: 1 example has .*; in 1 group of equal content the targets contradict each other/);
    expect(stdout).toMatch(/length in tokens +2 +3 +3/);
    expect(stdout).toMatch(/=\d+ \S+=\d+/);
  });

  test("a config without its data ends with 4", () => {
    const path = config("gone.json", {
      name: "gone",
      data: {
        source: "csv",
        path: "gone.csv",
        columns: { text: "text", label: "label" },
        preprocess: [{ op: "tokenize" }],
      },
    });
    expect(data(path)).toMatchObject({ code: 4, stdout: "" });
  });
});
