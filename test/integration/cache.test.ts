import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { findInstalledRuntime } from "../../src/runtime/installed-runtime";
import { makeCacheHome } from "../helpers/cache-home";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { useTemporaryFolder } from "../helpers/temporary-folder";
import { makeTinyImages } from "../helpers/tiny-images";

const folder = useTemporaryFolder();
const images = 36;

const cacheHome = () => makeCacheHome(join(folder.path, "cache"));

async function prepare() {
  const home = cacheHome();
  await makeTinyImages(join(folder.path, "pictures"));
  const config = folder.write(
    "config.json",
    JSON.stringify({
      name: "tiny",
      data: {
        source: "image-folder",
        path: "pictures",
        split: { validation: 0.25 },
        preprocess: [
          { op: "resize", width: 6, height: 6 },
          { op: "normalize", scale: 255 },
        ],
      },
      model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
      // Its pictures would be counted, and a report's.
      train: { epochs: 2, batchSize: 8, optimizer: "adam", loss: "categoricalCrossentropy", tensorBoard: false },
    }),
  );
  const counted = join(folder.path, "decoded");
  const environment = (limit: string | undefined) => ({ XDG_CACHE_HOME: home, DLCTL_CACHE_LIMIT: limit });
  /** Runs a command that must succeed; how many images were decoded, and the last line of its JSON. */
  function counting(args: string[], limit: string | undefined) {
    writeFileSync(counted, "");
    const { code, stdout, stderr } = runDlctl([...args, "--json", "--device", "js"], {
      cwd: folder.path,
      env: {
        ...environment(limit),
        DECODE_COUNT: counted,
        NODE_OPTIONS: `--require ${join(projectFolder, "test", "helpers", "count-decodes.js")}`,
      },
    });
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const { metrics } = JSON.parse(stdout.trim().split("\n").at(-1) as string);
    return { decoded: readFileSync(counted, "utf8").length, metrics };
  }
  /** Trains once; how many images were decoded, and what was reported in the end. */
  function train({ limit, overrides = [] }: { limit?: string; overrides?: string[] } = {}) {
    return counting(["train", config, "--out", "model", "--overwrite", "--no-report", ...overrides], limit);
  }
  const evaluate = (split: string, limit?: string) => counting(["evaluate", "model", "--split", split], limit);
  const cache = (...args: string[]) => runDlctl(["cache", ...args], { cwd: folder.path, env: environment(undefined) });
  return { home, train, evaluate, cache };
}

test("a second run decodes nothing and learns the same; the cache is shown and cleared", async () => {
  const { home, train, cache } = await prepare();
  const first = train();
  expect(first.decoded).toBe(images);
  expect(train()).toEqual({ ...first, decoded: 0 });
  expect(train({ overrides: ["data.cache=disk"] })).toEqual({ ...first, decoded: 0 });

  const { stdout } = cache();
  expect(stdout).toMatch(/^36 images of 6x6x3 \(resize\) +\d\.\d kB +\d+ (second|minute)s? ago$/m);
  expect(stdout).toContain("DLCTL_CACHE_LIMIT");
  const listed = JSON.parse(cache("--json").stdout);
  const [kept] = listed.entries.filter(({ kind }: { kind: string }) => kind === "images");
  expect(kept).toMatchObject({ count: images, pipeline: { width: 6, height: 6, channels: 3 } });
  expect(listed.path).toBe(join(home, "dlctl"));

  writeFileSync(join(home, "dlctl", "note"), "can be made again");
  expect(cache("--clear-data").stdout).toContain("are free again");
  expect(existsSync(kept.path)).toBe(false);
  expect(existsSync(join(home, "dlctl", "note"))).toBe(true);
  const { removed } = JSON.parse(cache("--clear", "--json").stdout);
  expect(removed.map(({ path }: { path: string }) => path)).toContain(join(home, "dlctl", "note"));
  expect(removed.every(({ kind }: { kind: string }) => kind === "other")).toBe(true);
  expect(existsSync(join(home, "dlctl", "note"))).toBe(false);
  const left = readdirSync(join(home, "dlctl"));
  expect(left.filter((name) => !/^(addon|libtensorflow)-|^(pixels|code)$/.test(name))).toEqual([]);
  if (findInstalledRuntime("cpu")) expect(left.some((name) => name.startsWith("addon-"))).toBe(true);
  expect(train()).toEqual(first);
});

test("the runtimes of other dlctls that nobody uses are shown as such, and cleared; libraries that are linked stay", async () => {
  const { home, cache } = await prepare();
  const at = (name: string) => join(home, "dlctl", name);
  const platform = `${process.platform}-${process.arch}`;
  const now = Date.now() / 1000;
  const used = addRuntime(at(`addon-cpu-${platform}-4.0.0-used-2.1.0`), "../libtensorflow-cpu-used/lib", now);
  const old = addRuntime(
    at(`addon-cpu-${platform}-4.0.0-old-2.0.0`),
    "../libtensorflow-cpu-old/lib",
    now - 31 * 86_400,
  );
  const entries = () => JSON.parse(cache("--json").stdout).entries as { path: string; isStale?: boolean }[];
  expect(entries()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "runtime", path: old, isStale: true, bytes: 3 }),
      expect.objectContaining({ kind: "runtime", path: used, isStale: false }),
    ]),
  );
  expect(cache().stdout).toContain(`${basename(old)} (not in use)`);
  cache("--clear-data");
  expect(existsSync(old)).toBe(true);
  const { removed, bytes } = JSON.parse(cache("--clear", "--json").stdout);
  expect(removed.map(({ path }: { path: string }) => path)).toContain(old);
  expect(bytes).toBeGreaterThanOrEqual(3);
  expect([existsSync(old), existsSync(used)]).toEqual([false, true]);
  if (findInstalledRuntime("cpu")) expect(entries().some(({ path }) => path.includes("libtensorflow-"))).toBe(true);
});

function addRuntime(folder: string, library: string, usedAt: number): string {
  mkdirSync(folder);
  writeFileSync(join(folder, "addon.json"), "{}\n");
  symlinkSync(library, join(folder, "lib"));
  utimesSync(folder, usedAt, usedAt);
  return folder;
}

test("evaluate decodes nothing that training has kept; after clearing it keeps what it decodes", async () => {
  const { train, evaluate, cache } = await prepare();
  const { metrics } = train();
  const validation = evaluate("validation");
  expect(validation.decoded).toBe(0);
  expect(validation.metrics.accuracy).toBeCloseTo(metrics.val_accuracy, 6);
  expect(evaluate("train").decoded).toBe(0);
  cache("--clear-data");
  expect(evaluate("validation")).toEqual({ ...validation, decoded: images / 4 });
  expect(evaluate("validation")).toEqual(validation);
  expect(evaluate("validation", "0")).toEqual({ ...validation, decoded: images / 4 });
});

test("tokens of many texts are kept, shown and cleared, and make no difference", () => {
  const home = cacheHome();
  const env = { XDG_CACHE_HOME: home, DLCTL_CACHE_LIMIT: undefined };
  const rows = Array.from({ length: 4500 }, (_, row) =>
    Array.from({ length: 40 }, (_, word) => `w${(row * word + 3 * word) % 150}`).concat(row % 2 ? "odd" : "even"),
  );
  folder.write("texts.csv", `text,label\n${rows.map((words) => `${words.join(" ")},${words.at(-1)}`).join("\n")}\n`);
  const config = folder.write(
    "config.json",
    JSON.stringify({
      name: "texts",
      data: {
        source: "csv",
        path: "texts.csv",
        columns: { text: "text", label: "label" },
        split: { validation: 0.1 },
        preprocess: [{ op: "tokenize" }, { op: "truncate", length: 8, side: "start" }, { op: "pad", length: 8 }],
      },
      model: {
        layers: [
          { type: "embedding", outputDim: 2 },
          { type: "globalAveragePooling1d" },
          { type: "dense", units: "classes", activation: "softmax" },
        ],
      },
      train: { epochs: 1, batchSize: 256, optimizer: "sgd", loss: "categoricalCrossentropy" },
    }),
  );
  const run = (...args: string[]) => {
    const { code, stdout, stderr } = runDlctl([...args, "--json", "--device", "js"], { cwd: folder.path, env });
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout.trim().split("\n").at(-1) as string);
  };
  const train = () => run("train", config, "--out", "model", "--overwrite", "--no-report").metrics;
  const first = train();
  const listed: { kind: string; path: string }[] = JSON.parse(runDlctl(["cache", "--json"], { env }).stdout).entries;
  const kept = listed.find(({ kind }) => kind === "tokens") as { path: string };
  expect(kept).toMatchObject({ kind: "tokens", count: 1, path: join(home, "dlctl", "tokens") });
  const names = readdirSync(kept.path);
  expect(names.map((name) => name.split(".")[1]).sort()).toEqual(["tokenizer", "tokens"]);
  expect(train()).toEqual(first);
  expect(run("evaluate", "model", "--split", "validation").loss).toBeCloseTo(first.val_loss, 6);
  expect(readdirSync(kept.path)).toEqual(names);
  expect(runDlctl(["cache"], { env }).stdout).toMatch(/^tokens of 1 set of texts +\d/m);
  expect(runDlctl(["cache", "--clear-data"], { env }).stdout).toContain("are free again");
  expect(existsSync(kept.path)).toBe(false);
  expect(train()).toEqual(first);
}, 60_000);

test("other modes keep what they say: memory and none nothing between runs, a small limit a file for the run", async () => {
  const { home, train } = await prepare();
  const modes = [
    { overrides: ["data.cache=memory"], decoded: images },
    { overrides: ["data.cache=none"], decoded: 2 * images },
    { overrides: ["data.cache=disk"], limit: "1000", decoded: images },
    { overrides: ["data.cache=auto"], limit: "0", decoded: images },
  ];
  for (const { decoded, ...options } of modes) {
    expect({ ...options, ...train(options) }).toMatchObject({ ...options, decoded });
    const pixels = join(home, "dlctl", "pixels");
    expect(existsSync(pixels) ? readdirSync(pixels) : []).toEqual([]);
  }
});

test("a pixel changed on the disk is not trained with: it is decoded again", async () => {
  const { home, train } = await prepare();
  const first = train();
  const pixels = join(home, "dlctl", "pixels");
  const [pipeline] = readdirSync(pixels) as [string];
  const [segment] = readdirSync(join(pixels, pipeline)).filter((name) => name.endsWith(".pixels")) as [string];
  const path = join(pixels, pipeline, segment);
  const bytes = readFileSync(path);
  bytes[10] = (bytes[10] as number) ^ 255;
  writeFileSync(path, bytes);
  const second = train();
  expect(second.metrics).toEqual(first.metrics);
  expect(second.decoded).toBe(images);
  expect(train().decoded).toBe(0);
});

test("a limit that is no size is told, and what is not there is no error", async () => {
  const { cache, home } = await prepare();
  rmSync(join(home, "dlctl"), { recursive: true });
  expect(cache()).toMatchObject({ code: 0, stdout: `There is nothing in ${join(home, "dlctl")}\n` });
  expect(cache("--clear")).toMatchObject({ code: 0 });
  expect(cache("--clear", "--clear-data").code).toBe(2);
  const bad = runDlctl(["cache"], { env: { XDG_CACHE_HOME: home, DLCTL_CACHE_LIMIT: "much" } });
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain("DLCTL_CACHE_LIMIT");
});
