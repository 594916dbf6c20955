import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../helpers/run-dlctl";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-code-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** In a process of its own: the cache is written when it ends. Prints what the module exports. */
function load(module: string): string {
  writeFileSync(join(folder, "module.js"), module);
  return loadAgain();
}

/** Without touching the module, so that what was kept still bears its name. */
function loadAgain(): string {
  const path = join(folder, "module.js");
  const script = `const { requireCached } = require(${JSON.stringify(codeCache)});
    console.log(requireCached(${JSON.stringify(path)}).text());`;
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env });
  return stdout.trim() + stderr;
}

const codeCache = join(projectFolder, "dist", "cli", "code-cache.js");
const kept = () => readdirSync(join(folder, "dlctl", "code")).map((name) => join(folder, "dlctl", "code", name));

test("a module is loaded with and without its code in the cache", () => {
  const module = 'exports.text = () => require("node:path").basename(__filename);';
  expect(load(module)).toBe("module.js");
  expect(kept()).toHaveLength(1);
  expect(loadAgain()).toBe("module.js");
  // Another source has another time or size, and so another name.
  expect(load('exports.text = () => "another one";')).toBe("another one");
  expect(kept()).toHaveLength(1);
});

test("a command that needs less than the run that was kept keeps its own", () => {
  const extra = join(folder, "extra.js");
  writeFileSync(extra, "exports.text = () => 'extra';");
  const module = `exports.text = (more) => { const large = () => ${"[1].length + ".repeat(500)} 0; return more ? large() : 0; };`;
  writeFileSync(join(folder, "module.js"), module);
  const run = (more: boolean) => {
    const script = `const { requireCached, startCodeCache } = require(${JSON.stringify(codeCache)});
      startCodeCache(["predict"]);
      const { text } = requireCached(${JSON.stringify(join(folder, "module.js"))});
      if (${more}) requireCached(${JSON.stringify(extra)});
      console.log(text(${more}));`;
    const env = { ...process.env, XDG_CACHE_HOME: folder };
    return spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env }).stdout.trim();
  };
  const sizeOf = (name: string) =>
    kept()
      .filter((path) => path.includes(name))
      .map((path) => readFileSync(path).length);
  expect(run(true)).toBe("500");
  const [withMore] = sizeOf("predict-module-") as [number];
  // Read, and taken away, as it holds more than was needed; then made anew; and then it stays, whatever is needed.
  expect(run(false)).toBe("0");
  expect(sizeOf("predict-module-")).toEqual([]);
  expect(run(false)).toBe("0");
  const [lean] = sizeOf("predict-module-") as [number];
  expect(lean).toBeLessThan(withMore);
  expect(run(true)).toBe("500");
  expect(sizeOf("predict-module-")).toEqual([lean]);
});

test("what one file loads is what others require", () => {
  writeFileSync(join(folder, "other.js"), "exports.same = require('./module.js');");
  const script = `const { requireCached } = require(${JSON.stringify(codeCache)});
    const module = requireCached(${JSON.stringify(join(folder, "module.js"))});
    console.log(requireCached(${JSON.stringify(join(folder, "other.js"))}).same === module);`;
  writeFileSync(join(folder, "module.js"), "exports.text = () => 'once';");
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  expect(spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env }).stdout.trim()).toBe("true");
});

test("a damaged cache is made anew", () => {
  const module = `exports.text = () => ${JSON.stringify("x".repeat(5000))}.length;`;
  load(module);
  const [path] = kept() as [string];
  const bytes = readFileSync(path);
  bytes.fill(0xff, 100, 200);
  writeFileSync(path, bytes);
  expect(loadAgain()).toBe("5000");
  expect(readFileSync(kept()[0] as string).equals(bytes)).toBe(false);
});

test("a cache that can't be written changes nothing", () => {
  writeFileSync(join(folder, "dlctl"), "a file where the folder should be");
  expect(load('exports.text = () => "loaded";')).toBe("loaded");
});
