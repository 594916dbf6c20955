import { existsSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { addonFolderPrefix } from "../../../../src/runtime/installed-runtime";
import { markRuntimeUsed } from "../../../../src/runtime/mark-runtime-used";
import { findStaleRuntimes, removeStaleRuntimes } from "../../../../src/runtime/provision/stale-runtimes";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();
const platform = `${process.platform}-${process.arch}`;
const home = process.env.XDG_CACHE_HOME;
const cache = () => join(folder.path, "dlctl");
beforeEach(() => {
  process.env.XDG_CACHE_HOME = folder.path;
  mkdirSync(cache());
});
afterEach(() => {
  if (home === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = home;
});

function addLibrary(version: string): string {
  const path = join(cache(), `libtensorflow-cpu-${platform}-${version}`);
  mkdirSync(join(path, "lib"), { recursive: true });
  return path;
}

function addAddon(name: string, version: string, daysUnused: number): string {
  const path = join(cache(), name);
  mkdirSync(path);
  writeFileSync(join(path, "addon.json"), JSON.stringify({ libtensorflow: version, source: "a test" }));
  symlinkSync(`../libtensorflow-cpu-${platform}-${version}/lib`, join(path, "lib"));
  const usedAt = Date.now() / 1000 - daysUnused * 86_400;
  utimesSync(path, usedAt, usedAt);
  return path;
}

const other = (hash: string, version: string, days: number) =>
  addAddon(`addon-cpu-${platform}-4.22.0-${hash}-${version}`, version, days);
const staleNames = () => findStaleRuntimes(cache()).map((path) => basename(path));

test("stale: others that were not used for 30 days, and their libraries; never this dlctl's, however old", async () => {
  const current = addAddon(`${addonFolderPrefix("cpu")}2.21.0`, "2.21.0", 400);
  const [library, oldLibrary] = [addLibrary("2.21.0"), addLibrary("2.9.1")];
  const recent = other("aaaa", "2.21.0", 29);
  const old = other("bbbb", "2.9.1", 31);
  // Another machine's, in a home that both have.
  const foreign = addAddon("addon-cpu-plan9-mips-4.22.0-cccc-2.9.1", "2.9.1", 400);
  expect(staleNames()).toEqual([basename(old), basename(oldLibrary)]);
  expect(await removeStaleRuntimes(cache())).toEqual([old, oldLibrary]);
  for (const path of [current, library, recent, foreign]) expect(existsSync(path)).toBe(true);
  expect(staleNames()).toEqual([]);
});

test("of more than four others those used longest ago are stale; a library stays as long as one that stays has it", () => {
  addLibrary("2.21.0");
  for (const days of [5, 3, 1, 6, 2, 4]) other(`day${days}`, "2.21.0", days);
  expect(staleNames()).toEqual([5, 6].map((days) => `addon-cpu-${platform}-4.22.0-day${days}-2.21.0`));
});

test("use is marked, in the addon's folder and in its library's", () => {
  const library = addLibrary("2.21.0");
  const addon = other("aaaa", "2.21.0", 31);
  const before = new Date(Date.now() - 31 * 86_400_000);
  utimesSync(library, before, before);
  markRuntimeUsed({ folder: addon });
  for (const path of [addon, library]) expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000);
  expect(staleNames()).toEqual([]);
  expect(() => markRuntimeUsed({ folder: join(cache(), "missing") })).not.toThrow();
});
