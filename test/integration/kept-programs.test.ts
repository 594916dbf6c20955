import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCacheHome } from "../helpers/cache-home";
import { projectFolder, runDlctl, startDlctl } from "../helpers/run-dlctl";
import { describeOwnOps } from "../helpers/runtime";
import { trainColourModel } from "../helpers/tiny-model";

let folder: string;
const programs = () => join(folder, "cache", "dlctl", "programs");
const kept = () => (existsSync(programs()) ? readdirSync(programs()).map((name) => join(programs(), name)) : []);
const libraries = () => readFileSync(join(folder, "libraries"), "utf8");

function environment(more: Record<string, string | undefined> = {}) {
  return {
    XDG_CACHE_HOME: join(folder, "cache"),
    DLCTL_CACHE_LIMIT: undefined,
    LIBRARIES: join(folder, "libraries"),
    NODE_OPTIONS: `--require ${join(projectFolder, "test", "helpers", "note-libraries.js")}`,
    ...more,
  };
}

const dlctl = (args: string[], env: Record<string, string> = {}, input = "") =>
  runDlctl(args, { cwd: folder, env: environment(env), input });

const off = { DLCTL_NATIVE_OPS: "off" };
const isOfProgram = (stderr: string) => stderr.includes("the model's program, without libtensorflow");
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** The same but for numbers, which differ by 1e-5 at most, and the order of labels whose probabilities do. */
function expectSame(own: unknown, expected: unknown): void {
  const sorted = (value: unknown) =>
    JSON.parse(JSON.stringify(value), (key, each) =>
      key === "predictions" ? each.sort((a: Labelled, b: Labelled) => (a.label < b.label ? -1 : 1)) : each,
    );
  const numbers: number[] = [];
  const withoutNumbers = (value: unknown, into: number[]) =>
    JSON.stringify(sorted(value), (_, each) => {
      if (typeof each !== "number") return each;
      into.push(each);
      return "number";
    });
  const expectedNumbers: number[] = [];
  expect(withoutNumbers(own, numbers)).toBe(withoutNumbers(expected, expectedNumbers));
  for (const [index, value] of numbers.entries()) {
    const reference = expectedNumbers[index] as number;
    expect(Math.abs(value - reference)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(reference)));
  }
}

interface Labelled {
  readonly label: string;
}

describeOwnOps("programs that are kept of models", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-programs-"));
    makeCacheHome(join(folder, "cache"));
    await trainColourModel(folder);
    writeFileSync(join(folder, "broken.png"), "no picture");
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("the first prediction of a model keeps one, with which the next ones need no libtensorflow and say the same", () => {
    // Trained on the js device, which has none to keep.
    expect(kept()).toEqual([]);
    const first = dlctl(["predict", "model", "pictures", "--json"]);
    expect(isOfProgram(first.stderr)).toBe(false);
    expect(libraries()).toContain("libtensorflow_cc");
    expect(kept()).toHaveLength(1);
    const second = dlctl(["predict", "model", "pictures", "--json"]);
    expect(isOfProgram(second.stderr)).toBe(true);
    expect(libraries()).not.toMatch(/libtensorflow|tfjs_binding/);
    expect(libraries()).toMatch(/^ops-.*\.node$/m);
    expectSame(lines(second.stdout), lines(first.stdout));
    const without = dlctl(["predict", "model", "pictures", "--json"], off);
    expect(isOfProgram(without.stderr)).toBe(false);
    expectSame(lines(second.stdout), lines(without.stdout));
  });

  test("bad inputs, lists on standard input, files of output and other devices are as ever", () => {
    const list = "pictures/red/000.png\nbroken.png\ngone.png\npictures/blue/001.png\n";
    const [own, other] = [{}, off].map((env) => dlctl(["predict", "model", "-", "--json"], env, list));
    expect(isOfProgram(own?.stderr ?? "")).toBe(true);
    expect(own?.code).toBe(4);
    expect(other?.code).toBe(4);
    expectSame(lines(own?.stdout ?? ""), lines(other?.stdout ?? ""));
    const errors = ({ stderr = "" } = {}) => stderr.split("\n").filter((line) => !line.startsWith("device "));
    expect(errors(own)).toEqual(errors(other));

    const written = dlctl(["predict", "model", "pictures/green", "--output", "out.csv", "--device", "cpu"]);
    expect(written.stdout).toBe("Wrote 12 predictions to out.csv\n");
    expect(written.stderr).toContain("without libtensorflow; asked for by name");
    const people = [{}, off].map((env) => dlctl(["predict", "model", "pictures/green/000.png"], env).stdout);
    expect(people[0]).toBe(people[1]);
    expect(dlctl(["predict", "model", "pictures/red/000.png", "--device", "js"]).stderr).toContain("device js");
  });

  test("a model that was copied has the same, one that was changed none, and a damaged one is refused", () => {
    cpSync(join(folder, "model"), join(folder, "copy"), { recursive: true });
    expect(isOfProgram(dlctl(["predict", "copy", "pictures/red/000.png"]).stderr)).toBe(true);

    const retrained = [
      "train",
      "config.json",
      "seed=2",
      "--out",
      "copy",
      "--overwrite",
      "--no-report",
      "--device",
      "cpu",
    ];
    expect(dlctl(retrained).code).toBe(0);
    // Where training ends, on the cpu device, it keeps one.
    expect(kept()).toHaveLength(2);
    const [own, other] = [{}, off].map((env) => dlctl(["predict", "copy", "pictures", "--json"], env));
    expect(isOfProgram(own?.stderr ?? "")).toBe(true);
    expectSame(lines(own?.stdout ?? ""), lines(other?.stdout ?? ""));
    expect(own?.stdout).not.toBe(dlctl(["predict", "model", "pictures", "--json"]).stdout);

    const weights = join(folder, "copy", "weights.bin");
    const bytes = readFileSync(weights);
    bytes.writeFloatLE(1, 0);
    writeFileSync(weights, bytes);
    const damaged = dlctl(["predict", "copy", "pictures/red/000.png"]);
    expect(damaged.code).toBe(5);
    expect(damaged.stderr).toContain("weights.bin is damaged");
  });

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["empty", () => Buffer.alloc(0)],
    [
      "with a bit changed",
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 40 ? byte ^ 4 : byte))),
    ],
    ["something else", () => readFileSync(join(folder, "pictures", "red", "000.png"))],
  ])("a file that is %s is not used, and replaced", (_, damage) => {
    rmSync(programs(), { recursive: true, force: true });
    const picture = ["predict", "model", "pictures/red/000.png", "--json"];
    const expected = dlctl(picture).stdout;
    const [path] = kept() as [string];
    const sound = readFileSync(path);
    writeFileSync(path, damage(sound));
    const mending = dlctl(picture);
    expect({ code: mending.code, stdout: mending.stdout }).toEqual({ code: 0, stdout: expected });
    expect(isOfProgram(mending.stderr)).toBe(false);
    expect(readFileSync(path).equals(sound)).toBe(true);
    expect(isOfProgram(dlctl(picture).stderr)).toBe(true);
  });

  test("where nothing can be kept, all is as before", () => {
    rmSync(programs(), { recursive: true, force: true });
    writeFileSync(programs(), "a file where the folder should be");
    const { code, stderr } = dlctl(["predict", "model", "pictures/red/000.png", "--verbose"]);
    expect(code).toBe(0);
    expect(stderr).toContain("no program of the model is kept: ");
    rmSync(programs());
    const none = dlctl(["predict", "model", "pictures/red/000.png"], { DLCTL_CACHE_LIMIT: "100" });
    expect({ code: none.code, kept: kept() }).toEqual({ code: 0, kept: [] });
  });

  test("several processes may keep one at once; the cache shows it and clears it", async () => {
    rmSync(programs(), { recursive: true, force: true });
    const args = ["predict", "model", "pictures/blue", "--json"];
    const results = await Promise.all([1, 2, 3].map(() => startDlctl(args, { cwd: folder, env: environment() })));
    for (const { code } of results) expect(code).toBe(0);
    expect(kept()).toHaveLength(1);
    const next = dlctl(args);
    expect(isOfProgram(next.stderr)).toBe(true);
    for (const { stdout } of results) expectSame(lines(stdout), lines(next.stdout));

    expect(dlctl(["cache"]).stdout).toMatch(/^compiled models +[\d.]+ kB/m);
    dlctl(["cache", "--clear"]);
    expect(kept()).toEqual([]);
  });

  test.each(["penguins", "speeches", "strokes", "tides"])("%s: the program says what TensorFlow says", (name) => {
    const config = join(projectFolder, "configs", "quick", `${name}.json`);
    const out = ["--out", name, "--no-report", "--quiet", "--device", "cpu"];
    expect(dlctl(["train", config, "train.epochs=1", "data.cache=none", ...out]).code).toBe(0);
    expect(kept().length).toBeGreaterThan(0);
    const table = readFileSync(join(projectFolder, "data", "tables", `${name}.csv`), "utf8").split("\n");
    writeFileSync(join(folder, `${name}.csv`), `${[table[0], ...table.slice(-121)].join("\n")}`);
    const [own, other] = [{}, off].map((env) => dlctl(["predict", name, `${name}.csv`, "--json"], env));
    expect(isOfProgram(own?.stderr ?? "")).toBe(true);
    expect(libraries()).toContain("libtensorflow");
    expect(lines(own?.stdout ?? "").length).toBeGreaterThan(0);
    expectSame(lines(own?.stdout ?? ""), lines(other?.stdout ?? ""));
  });
});
