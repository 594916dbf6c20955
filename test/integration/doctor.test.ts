import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addonFolderPrefix } from "../../src/runtime/installed-runtime";
import { runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "dlctl-doctor-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

interface Report {
  device: string;
  available: boolean;
  problem: string | null;
  fix: string | null;
}

test("with nothing set up it says so, names the mending command and does not fail", () => {
  const { code, stdout } = runDlctl(["doctor", "--json"], { env: { XDG_CACHE_HOME: cache } });
  expect(code).toBe(0);
  const diagnosis = JSON.parse(stdout);
  expect(diagnosis.device).toBe("js");
  expect(diagnosis.runtimes.map(({ device }: Report) => device)).toEqual(["gpu", "cpu", "js"]);
  const cpu: Report = diagnosis.runtimes[1];
  expect(cpu.available).toBe(false);
  expect(cpu.problem).toMatch(/not set up|libtensorflow/);
  expect(cpu.fix).toMatch(/dlctl setup|--device js/);
  expect(diagnosis.versions).toMatchObject({ node: process.versions.node, tfjs: "4.22.0", libtensorflow: null });
  expect(diagnosis.versions.libvips).toMatch(/^\d+\.\d+/);
  expect(diagnosis.cache).toEqual({ path: join(cache, "dlctl"), exists: false });
});

test("a damaged addon is named, and the way to a new one", () => {
  const addon = join(cache, "dlctl", `${addonFolderPrefix("cpu")}2.21.0`);
  mkdirSync(addon, { recursive: true });
  writeFileSync(join(addon, "addon.json"), JSON.stringify({ libtensorflow: "2.21.0", source: "a test" }));
  writeFileSync(join(addon, "tfjs_binding.node"), "not a library");
  const { code, stdout } = runDlctl(["doctor", "--json"], { env: { XDG_CACHE_HOME: cache } });
  expect(code).toBe(0);
  const diagnosis = JSON.parse(stdout);
  expect(diagnosis.device).toBe("js");
  expect(diagnosis.runtimes[1]).toMatchObject({ available: false, fix: "dlctl setup --force" });
  expect(diagnosis.runtimes[1].problem).toContain("tfjs_binding.node");
});

test("for people it prints a table on standard output", () => {
  const { code, stdout, stderr } = runDlctl(["doctor"], { env: { XDG_CACHE_HOME: cache } });
  expect(code).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^device {4}js/);
  expect(stdout).toContain("to mend it: ");
});

(hasNativeRuntime ? test : test.skip)("names the cpu device and libtensorflow's version (libtensorflow)", () => {
  const { device, runtimes, versions } = JSON.parse(runDlctl(["doctor", "--json"]).stdout);
  expect(["cpu", "gpu"]).toContain(device);
  expect(runtimes[1]).toMatchObject({ device: "cpu", available: true, problem: null, fix: null });
  expect(versions.libtensorflow).toMatch(/^2\.\d+\.\d+/);
});

(hasNativeRuntime ? test : test.skip)(
  "says which of dlctl's own operations there are, or why none (libtensorflow)",
  () => {
    const examined = (wish?: string) => {
      const { stdout } = runDlctl(["doctor", "--json"], { env: { DLCTL_NATIVE_OPS: wish } });
      return JSON.parse(stdout).runtimes[1];
    };
    expect(examined("off")).toMatchObject({ available: true, ownOps: null, ownOpsProblem: "DLCTL_NATIVE_OPS=off" });
    expect(examined("z80")).toMatchObject({
      available: true,
      ownOps: null,
      ownOpsProblem: "this processor lacks the instructions of z80",
    });
    const { ownOps, ownOpsProblem } = examined();
    expect([ownOps === null, ownOpsProblem === null].filter(Boolean)).toHaveLength(1);
  },
);
