import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";
import { trainColourModel } from "../helpers/tiny-model";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-evaluate-"));
  await trainColourModel(folder);
  // Other data, with one picture in the wrong class.
  cpSync(join(folder, "pictures"), join(folder, "other"), { recursive: true });
  renameSync(join(folder, "other", "red", "005.png"), join(folder, "other", "blue", "stray.png"));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const evaluate = (...args: string[]) => runDlctl(["evaluate", "model", ...args, "--device", "js"], { cwd: folder });

test("--json: one object, as documented, of the test split", () => {
  const { code, stdout } = evaluate("--json");
  expect(code).toBe(0);
  const result = JSON.parse(stdout);
  expect(Object.keys(result)).toEqual(
    expect.arrayContaining(["model", "split", "examples", "loss", "metrics", "labels", "confusion", "perClass"]),
  );
  expect(result).toMatchObject({ model: "model", split: "test", examples: 9, labels: ["blue", "green", "red"] });
  expect(result.confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(9);
  expect(Object.keys(result.perClass[0])).toEqual(["label", "precision", "recall", "f1", "support"]);
});

test("the validation split gives the figures that training reported", () => {
  const { values } = JSON.parse(readFileSync(join(folder, "model", "dlctl.json"), "utf8")).metrics;
  const { loss, metrics, examples } = JSON.parse(evaluate("--split", "validation", "--json").stdout);
  expect(examples).toBe(9);
  expect(loss).toBeCloseTo(values.val_loss, 5);
  expect(metrics.accuracy).toBeCloseTo(values.val_accuracy, 6);
});

test("other data is evaluated whole; the stray picture is the one mistake, in its row and column", () => {
  const { split, examples, confusion, metrics, perClass, mistakes } = JSON.parse(evaluate("other", "--json").stdout);
  expect({ split, examples }).toEqual({ split: "all", examples: 36 });
  expect(confusion).toEqual([
    [12, 0, 1],
    [0, 12, 0],
    [0, 0, 11],
  ]);
  expect(metrics.accuracy).toBeCloseTo(35 / 36, 6);
  expect(perClass[0]).toEqual({ label: "blue", precision: 1, recall: 12 / 13, f1: 24 / 25, support: 13 });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatchObject({ label: "blue", predicted: "red" });
  expect(mistakes[0].origin).toMatch(/other.blue.stray\.png$/);
});

test("for people: figures, classes, matrix, confusions and the worst mistakes", () => {
  const { code, stdout } = evaluate("other");
  expect(code).toBe(0);
  expect(stdout).toContain("model on 36 examples");
  expect(stdout).toMatch(/^accuracy +0\.9722 +0\.\d+ to 1\.0000$/m);
  expect(stdout).toMatch(/^blue +1\.0000 +0\.9231 +0\.9600 +13$/m);
  expect(stdout).toMatch(/^blue +12 +0 +1$/m);
  expect(stdout).toContain("1 blue taken for red");
  expect(stdout).toMatch(/^red \d+\.\d % +blue \d+\.\d % +.*stray\.png$/m);
  expect(stdout).toContain("Intervals: 1,000 resamples of 36 examples");
});

test("--report writes a page, and says where; what can't be written loses no figures", () => {
  const written = evaluate("other", "--report", "page.html", "--json");
  expect(written.code).toBe(0);
  expect(JSON.parse(written.stdout)).toMatchObject({ report: "page.html", examples: 36 });
  expect(readFileSync(join(folder, "page.html"), "utf8")).toContain("On 36 examples");
  const failed = evaluate("other", "--report", join("config.json", "page.html"), "--json");
  expect(failed.code).toBe(7);
  expect(JSON.parse(failed.stdout)).toMatchObject({ report: null, examples: 36 });
}, 20_000);

test("one class alone can be evaluated: the labels are the model's", () => {
  mkdirSync(join(folder, "single", "green"), { recursive: true });
  copyFileSync(join(folder, "pictures", "green", "001.png"), join(folder, "single", "green", "1.png"));
  const { code, stdout, stderr } = evaluate("single", "--json");
  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ examples: 1, metrics: { accuracy: 1 } });
});

test("data that has changed since training is told", () => {
  const extra = join(folder, "pictures", "red", "extra.png");
  copyFileSync(join(folder, "pictures", "red", "001.png"), extra);
  try {
    expect(evaluate("--json").stderr).toContain("the data has 37 examples, and had 36 in training");
  } finally {
    rmSync(extra);
  }
});

test.each([
  [["gone"], 4, "There is no file or folder gone"],
  [["config.json"], 4, "its labels are not known"],
  [["strange"], 4, "yellow"],
  [["pictures", "--split", "test"], 4, "The data has no test split of its own"],
])("%j exits with %d and says why", (args, code, message) => {
  mkdirSync(join(folder, "strange", "yellow"), { recursive: true });
  copyFileSync(join(folder, "pictures", "red", "001.png"), join(folder, "strange", "yellow", "1.png"));
  const result = evaluate(...args);
  expect(result.stderr).toContain(message);
  expect(result.code).toBe(code);
  expect(result.stdout).toBe("");
  expect(result.stderr).not.toMatch(/^\s+at /m);
});

test("a damaged image is named", () => {
  mkdirSync(join(folder, "damaged", "red"), { recursive: true });
  writeFileSync(join(folder, "damaged", "red", "1.png"), "no picture");
  const { code, stderr } = evaluate("damaged");
  expect(code).toBe(4);
  expect(stderr).toMatch(/damaged.red.1\.png/);
});
