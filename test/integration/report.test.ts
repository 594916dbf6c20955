import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, openInChromium } from "../helpers/open-in-chromium";
import { runDlctl } from "../helpers/run-dlctl";
import { trainColourModel, trainTiny } from "../helpers/tiny-model";
import { ringsConfig, writeRings } from "../helpers/tiny-training";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-report-"));
  await trainColourModel(folder);
  writeRings(join(folder, "rings.csv"));
  writeFileSync(join(folder, "rings.json"), JSON.stringify(ringsConfig));
  train("a");
  train("b", "train.epochs=2");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dlctl = (...args: string[]) => runDlctl(args, { cwd: folder });
const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
/** A convolution that learns nothing, of classes whose names are markup. */
const hostileColours = {
  name: "wrong",
  seed: 1,
  data: {
    source: "image-folder",
    path: "hostile",
    split: { validation: 0.25, test: 0.25 },
    preprocess: [
      { op: "resize", width: 70, height: 70 },
      { op: "normalize", scale: 255 },
    ],
  },
  model: {
    layers: [
      { type: "conv2d", filters: 4, kernelSize: 3, strides: 8, activation: "relu" },
      { type: "flatten" },
      { type: "dense", units: "classes", activation: "softmax" },
    ],
  },
  train: { epochs: 1, optimizer: { type: "sgd", learningRate: 1e-9 } },
};
function train(out: string, ...more: string[]) {
  const result = dlctl("train", "rings.json", "--out", out, "--device", "js", ...more);
  if (result.code !== 0) throw new Error(result.stderr);
  return result;
}

describe("dlctl train", () => {
  test("leaves a report in run/, which says that the test examples were left alone", () => {
    const page = read("model", "run", "report.html");
    expect(page).toContain("<h1>colours</h1>");
    expect(page).toContain("the test examples were left alone");
    expect(page).toContain("How it learned");
    expect(page).toMatch(/On \d+ validation examples/);
    expect(page).toContain("data:image/png;base64,");
  });

  test("--no-report writes none; where it can't be written the model is there all the same", () => {
    const { stderr } = train("none", "--no-report");
    expect(stderr).not.toMatch(/report/);
    expect(existsSync(join(folder, "none", "run", "report.html"))).toBe(false);
    // A run that has only its model to write, and something in the report's place.
    for (const file of ["dlctl.json", "model.json", "weights.bin"]) rmSync(join(folder, "none", file));
    mkdirSync(join(folder, "none", "run", "report.html"));
    const resumed = dlctl("train", "--resume", "none", "--device", "js");
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/warning: the report was not written/) });
    expect(dlctl("inspect", "none").code).toBe(0);
  });
});

describe("dlctl report", () => {
  test("evaluates on the test examples and replaces the report of the folder", () => {
    const { code, stdout } = dlctl("report", "model", "--device", "js");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^The report is in model\/run\/report\.html \(\d+(\.\d)? KiB\)\n$/),
    ]);
    expect(read("model", "run", "report.html")).toMatch(/On \d+ test examples/);
    const json = dlctl("report", "model", "--device", "js", "--split", "validation", "--json", "--output", "v.html");
    expect(JSON.parse(json.stdout)).toEqual({
      report: "v.html",
      bytes: statSync(join(folder, "v.html")).size,
      models: [{ model: "model", state: "finished", evaluated: { split: "validation", examples: 9 }, missing: [] }],
    });
  });

  test("shows what the worst mistakes hung on, which the report at the end of a training leaves out", () => {
    // All three classes are taken for one.
    for (const label of readdirSync(join(folder, "pictures"))) {
      cpSync(join(folder, "pictures", label), join(folder, "hostile", `<b>"${label}`), { recursive: true });
    }
    trainTiny(folder, hostileColours, "wrong");
    const alt = /<img src="data:image\/webp;base64,[^"]+" alt="What “[^"]+” hung on, by Grad-CAM of conv2d_1: [^"]+">/g;
    expect(read("wrong", "run", "report.html")).not.toMatch(alt);
    expect(read("wrong", "run", "report.html")).toContain("and for what the worst mistakes hung on.");
    expect(dlctl("report", "wrong", "--device", "js").code).toBe(0);
    const page = read("wrong", "run", "report.html");
    const mistakes = page.split(">Worst mistakes<")[1]?.split("</ul>")[0] ?? "";
    expect(mistakes.match(alt)).toHaveLength(mistakes.match(/<li>/g)?.length as number);
    expect(page).not.toMatch(/<b>|<script|<img(?![^>]* alt="[^"]+")/);
    expect(dlctl("evaluate", "wrong", "--device", "js", "--report", "wrong.html").code).toBe(0);
    expect(read("wrong.html").match(alt)).toEqual(page.match(alt));
    // Rows of numbers are not explained, and nothing fails.
    expect(read("a", "run", "report.html")).not.toMatch(/ hung on, by /);
  });

  test("several models side by side need a file, and show what differs", () => {
    expect(dlctl("report", "a", "b")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--output comparison\.html/),
    });
    expect(dlctl("report", "a", "b", "--output", "new/ab.html", "--device", "js").code).toBe(0);
    expect(read("new", "ab.html")).toMatch(/<th scope="row">train\.epochs<\/th><td[^>]*>3<\/td><td[^>]*>2<\/td>/);
  });

  test("without its data it says so and shows the rest; an unfinished run shows its curves; what is no model is exit 5", () => {
    train("lonely");
    renameSync(join(folder, "rings.csv"), join(folder, "gone.csv"));
    const { code, stderr } = dlctl("report", "lonely", "--device", "js");
    renameSync(join(folder, "gone.csv"), join(folder, "rings.csv"));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/warning: lonely: The model was not evaluated/)]);
    expect(read("lonely", "run", "report.html")).toContain("The model was not evaluated, and its data is not shown");
    rmSync(join(folder, "lonely", "dlctl.json"));
    expect(dlctl("report", "lonely", "--device", "js").code).toBe(0);
    expect(read("lonely", "run", "report.html")).toContain("the run is not finished");
    expect(dlctl("report", "absent").code).toBe(5);
    expect(dlctl("report", "a", "--output", "a/model.json/x.html", "--device", "js").code).toBe(7);
  });

  const inBrowser = chromium === undefined ? test.skip : test;
  inBrowser("opens in Chromium at a phone's and a desk's width, light and dark, without a complaint", async () => {
    dlctl("report", "a", "b", "--output", "ab.html", "--device", "js");
    const views = [
      { width: 360, theme: "dark" },
      { width: 1280, theme: "light" },
    ] as const;
    const opened = [
      ...(await openInChromium(join(folder, "model", "run", "report.html"), views)),
      ...(await openInChromium(join(folder, "ab.html"), views)),
      ...(await openInChromium(join(folder, "wrong.html"), views)),
    ];
    for (const { width, theme, ...found } of opened) {
      expect(found).toEqual({
        complaints: [],
        requests: [],
        brokenPictures: 0,
        outside: [],
        scrollWidth: width,
        background: theme === "dark" ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)",
      });
    }
  });
});
