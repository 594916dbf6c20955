import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";
import { trainColourModel, trainTiny } from "../helpers/tiny-model";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-predict-"));
  await trainColourModel(folder);
  mkdirSync(join(folder, "mixed", "deep"), { recursive: true });
  copyFileSync(join(folder, "pictures", "red", "001.png"), join(folder, "mixed", "a.PNG"));
  copyFileSync(join(folder, "pictures", "blue", "001.png"), join(folder, "mixed", "deep", "b.png"));
  writeFileSync(join(folder, "mixed", "broken.png"), "no picture");
  writeFileSync(join(folder, "mixed", "notes.txt"), "");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predict = (args: string[], input = "") =>
  runDlctl(["predict", "model", ...args, "--device", "js"], { cwd: folder, input });
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("--json: one object for an image, as documented, and nothing else on stdout", () => {
  const { code, stdout } = predict(["pictures/red/003.png", "--json"]);
  expect(code).toBe(0);
  const [prediction, ...rest] = lines(stdout);
  expect(rest).toEqual([]);
  expect(Object.keys(prediction)).toEqual(["input", "label", "probability", "predictions"]);
  expect(prediction).toMatchObject({ input: "pictures/red/003.png", label: "red" });
  expect(prediction.predictions.map(({ label }: { label: string }) => label).sort()).toEqual(["blue", "green", "red"]);
  expect(prediction.predictions[0]).toEqual({ label: "red", probability: prediction.probability });
  const sum = prediction.predictions.reduce(
    (total: number, { probability }: { probability: number }) => total + probability,
    0,
  );
  expect(sum).toBeCloseTo(1, 5);
});

test("a folder is read recursively; one bad file does not stop the rest, and the exit code is 4", () => {
  const { code, stdout, stderr } = predict(["mixed", "pictures/green/000.png", "--json"]);
  expect(code).toBe(4);
  const found = lines(stdout);
  expect(found.map(({ input }) => input)).toEqual([
    join("mixed", "a.PNG"),
    join("mixed", "broken.png"),
    join("mixed", "deep", "b.png"),
    "pictures/green/000.png",
  ]);
  expect(found.map(({ label }) => label)).toEqual(["red", undefined, "blue", "green"]);
  expect(Object.keys(found[1])).toEqual(["input", "error"]);
  expect(stderr).toContain("1 of 4 inputs could not be predicted");
  expect(stderr).toContain("1 file of other types was skipped (.txt)");
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("for people: a line for each, lined up; --top-k lists more", () => {
  const one = predict(["pictures/red/003.png", "pictures/green/003.png", "--quiet"]);
  expect(one.stdout).toMatch(
    /^pictures\/red\/003.png {4}red +\d+\.\d+ %\npictures\/green\/003.png {2}green +\d+\.\d+ %\n$/,
  );
  expect(one.stderr).toBe("");
  expect(predict(["pictures/red/003.png", "--top-k", "2"]).stdout.match(/%/g)).toHaveLength(2);
  expect(lines(predict(["pictures/red/003.png", "--top-k", "2", "--json"]).stdout)[0].predictions).toHaveLength(2);
});

test("globs, and a list on standard input", () => {
  const globbed = lines(predict(["pictures/*/000.png", "--json"]).stdout);
  expect(globbed.map(({ label }) => label)).toEqual(["blue", "green", "red"]);
  const listed = predict(["-", "--json"], globbed.map(({ input }) => input).join("\n"));
  expect(lines(listed.stdout)).toEqual(globbed);
});

test("the batch size changes nothing but the last digits", () => {
  const [all, single] = ["32", "1"].map((size) => lines(predict(["pictures", "--json", "--batch-size", size]).stdout));
  expect(all).toHaveLength(36);
  for (const [index, prediction] of (all ?? []).entries()) {
    expect(single?.[index].label).toBe(prediction.label);
    expect(single?.[index].probability).toBeCloseTo(prediction.probability, 5);
  }
});

test("another size and format of the same colour is read as training would read it", async () => {
  const [r, g, b] = await sharp(join(folder, "pictures", "red", "002.png"))
    .raw()
    .toBuffer();
  const background = { r: r as number, g: g as number, b: b as number };
  await sharp({ create: { width: 61, height: 33, channels: 3, background } })
    .webp({ lossless: true })
    .toFile(join(folder, "big.webp"));
  const [png, webp] = lines(predict(["pictures/red/002.png", "big.webp", "--json"]).stdout);
  expect(webp.probability).toBeCloseTo(png.probability, 6);
});

test("--output writes JSON lines or CSV, whole", () => {
  const { stdout } = predict(["pictures/red", "--output", "out/red.jsonl"]);
  expect(stdout).toBe("Wrote 12 predictions to out/red.jsonl\n");
  expect(lines(readFileSync(join(folder, "out", "red.jsonl"), "utf8"))).toEqual(
    lines(predict(["pictures/red", "--json"]).stdout),
  );
  expect(predict(["mixed", "--output", "out/mixed.csv"]).code).toBe(4);
  const rows = readFileSync(join(folder, "out", "mixed.csv"), "utf8")
    .trimEnd()
    .split("\n");
  expect(rows[0]).toBe("input,row,label,probability,error");
  expect(rows).toHaveLength(4);
  expect(readdirSync(join(folder, "out")).sort()).toEqual(["mixed.csv", "red.jsonl"]);
});

test("an output that can't be written is told before anything is computed", () => {
  const { code, stderr } = predict(["pictures/red", "--output", "config.json/x.jsonl"]);
  expect(code).toBe(7);
  expect(stderr).toContain("config.json/x.jsonl");
  expect(existsSync(join(folder, "x.jsonl"))).toBe(false);
});

test.each([
  [["gone.png"], 4, "gone.png: There is no such file or folder"],
  [["gone*.png"], 4, "gone*.png: No file matches it"],
  [["-"], 4, "The list on standard input is empty"],
])("%j exits with %d", (args, code, message) => {
  const result = predict(args);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});

(hasNativeRuntime ? test : test.skip)("libtensorflow says the same as the js device (libtensorflow)", () => {
  const js = lines(predict(["pictures", "--json"]).stdout);
  const cpu = lines(runDlctl(["predict", "model", "pictures", "--json", "--device", "cpu"], { cwd: folder }).stdout);
  for (const [index, prediction] of js.entries()) {
    expect(cpu[index].label).toBe(prediction.label);
    expect(cpu[index].probability).toBeCloseTo(prediction.probability, 5);
  }
});

describe("tables", () => {
  const table = ["a,b,kind,size", ...Array.from({ length: 40 }, (_, index) => row(index))].join("\n");

  function row(index: number): string {
    const a = (index % 8) / 8;
    const b = (index % 5) / 5;
    return `${a},${b},${a > b ? "more" : "less"},${2 * a - b + 1}`;
  }

  const config = (columns: object, units: number, activation: string, ignore: string[]) => ({
    name: "table",
    data: { source: "csv", path: "table.csv", columns, ignore, preprocess: [{ op: "standardize" }] },
    model: { layers: [{ type: "dense", units, activation }] },
    train: { epochs: 60, batchSize: 8, optimizer: { type: "adam", learningRate: 0.1 } },
  });

  beforeAll(() => {
    writeFileSync(join(folder, "table.csv"), table);
    trainTiny(folder, config({ features: ["a", "b"], label: "kind" }, 1, "sigmoid", ["size"]), "classes");
    trainTiny(folder, config({ features: ["a", "b"], target: ["size"] }, 1, "linear", ["kind"]), "values");
    // Other order, other columns, a row without a value.
    writeFileSync(join(folder, "new.tsv"), "b\tname\ta\n0\tx\t1\n1\ty\t0\n\tz\t0\n");
  }, 60_000);

  test("a single sigmoid unit yields both labels; rows are numbered; a row without a value is an error of its own", () => {
    const { code, stdout } = runDlctl(["predict", "classes", "new.tsv", "--json", "--device", "js"], { cwd: folder });
    expect(code).toBe(4);
    const found = lines(stdout);
    expect(found.map(({ input, row, label }) => [input, row, label])).toEqual([
      ["new.tsv", 1, "more"],
      ["new.tsv", 2, "less"],
      ["new.tsv", 3, undefined],
    ]);
    expect(found[0].predictions).toHaveLength(2);
    expect(found[0].predictions[0].probability + found[0].predictions[1].probability).toBeCloseTo(1, 5);
    expect(found[2].error).toContain('column "b"');
  });

  test("regression gives values: here a linear function, which a linear model learns", () => {
    const { stdout } = runDlctl(["predict", "values", "new.tsv", "--json", "--device", "js"], { cwd: folder });
    const [first, second] = lines(stdout);
    expect(Object.keys(first)).toEqual(["input", "row", "values"]);
    expect(first.values).toHaveLength(1);
    expect(Math.abs(first.values[0] - 3)).toBeLessThan(0.2);
    expect(Math.abs(second.values[0] - 0)).toBeLessThan(0.2);
    expect(runDlctl(["predict", "values", "new.tsv", "--device", "js"], { cwd: folder }).stdout).toMatch(
      /^new.tsv row 1 {2}size [\d.]+$/m,
    );
  });

  test("evaluate gives the figures of regression, by hand from the predictions", () => {
    const truth = table
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split(",")[3]));
    const { stdout } = runDlctl(["predict", "values", "table.csv", "--json", "--device", "js"], { cwd: folder });
    const errors = lines(stdout).map(({ values }, index) => values[0] - (truth[index] as number));
    const { targets, metrics, examples } = JSON.parse(
      runDlctl(["evaluate", "values", "--split", "train", "--json", "--device", "js"], { cwd: folder }).stdout,
    );
    const mae = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
    const squared = errors.reduce((sum, error) => sum + error ** 2, 0);
    const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
    expect(examples).toBe(40);
    expect(metrics.meanAbsoluteError).toBeCloseTo(mae, 5);
    expect(targets[0].mae).toBeCloseTo(mae, 5);
    expect(targets[0].rmse).toBeCloseTo(Math.sqrt(squared / errors.length), 5);
    expect(targets[0].r2).toBeCloseTo(1 - squared / truth.reduce((sum, value) => sum + (value - mean) ** 2, 0), 4);
  });
});
