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
  const script = `const { requireCached } = require(${JSON.stringify(join(projectFolder, "dist", "cli", "code-cache.js"))});
    console.log(requireCached(${JSON.stringify(path)}).text());`;
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env });
  return stdout.trim() + stderr;
}

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
