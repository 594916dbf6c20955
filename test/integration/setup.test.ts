import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../src/runtime/cache-folder";
import { findInstalledRuntime } from "../../src/runtime/installed-runtime";
import { gpuPlatformProblem, platformProblem } from "../../src/runtime/provision/platform-support";
import { runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-setup-"));
  cache = join(folder, "cache");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH of its own with node and these programs, each the text of a shell script. */
function pathWith(programs: Record<string, string>): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

/** Where nothing answers: no test may reach out to the network. */
const noHost = "http://127.0.0.1:1/";
const setUp = (args: string[], env: Record<string, string | undefined> = {}) =>
  runDlctl(["setup", ...args], {
    env: { XDG_CACHE_HOME: cache, TFJS_NODE_CDN_STORAGE: noHost, CXX: undefined, ...env },
  });

/** Without `code`, the compiled code of the command line, which any command leaves there. */
const filesIn = (path: string) => (existsSync(path) ? readdirSync(path).filter((name) => name !== "code") : []);
const describeSupported = platformProblem() ? describe.skip : describe;

describe("dlctl setup refuses", () => {
  test.each([
    [["--device", "js"], 2, "The js device needs no set-up"],
    [["--device", "tpu"], 2, "tpu"],
    [["--remove", "--force"], 2, "--remove can't be combined"],
    [["--cuda", "pip"], 2, "--cuda goes with --device gpu"],
    [["--remove", "--cuda", "pip"], 2, "--remove can't be combined"],
  ])("%s with exit %d", (args, code, message) => {
    const result = setUp(args);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe("");
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
});

describeSupported("dlctl setup says what is missing", () => {
  test("no C++ compiler, before anything is downloaded", () => {
    const result = setUp([], { PATH: pathWith({ pip: 'echo "called" >&2; exit 1' }) });
    expect(result.code).toBe(7);
    expect(result.stderr).toContain("There is no C++ compiler");
    expect(result.stderr).toMatch(/apt install g\+\+|xcode-select/);
    expect(result.stderr).not.toContain("called");
    expect(filesIn(join(cache, "dlctl"))).toEqual([]);
  });

  test("what a killed set-up left behind is cleared, and its lock taken over", () => {
    const left = join(cache, "dlctl");
    mkdirSync(join(left, ".setup-abc", "work"), { recursive: true });
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    writeFileSync(join(left, "setup.lock"), JSON.stringify({ pid, host: hostname() }));
    expect(setUp([], { PATH: pathWith({}) }).code).toBe(7);
    expect(filesIn(left)).toEqual([]);
  });

  test("no route: each is named with its reason", () => {
    const result = setUp([], { PATH: pathWith({ "g++": "exit 0" }) });
    expect(result.code).toBe(7);
    expect(result.stderr).toContain("pip: Python's pip is missing");
    expect(result.stderr).toMatch(/TensorFlow.js's installer: .*(can't be reached|has no archive)/);
    expect(result.stderr).toContain("--from");
    expect(filesIn(join(cache, "dlctl"))).toEqual([]);
  });

  test("a wheel with another sum is not used", () => {
    const wheel = "tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl";
    const pip = `while [ $# -gt 1 ]; do [ "$1" = --dest ] && echo forged > "$2/${wheel}"; shift; done; exit 0`;
    const result = setUp([], { PATH: pathWith({ "g++": "exit 0", pip }) });
    expect(result.code).toBe(7);
    expect(result.stderr).toMatch(/has the SHA-256 sum [0-9a-f]{64} instead of [0-9a-f]{64}/);
    expect(filesIn(join(cache, "dlctl"))).toEqual([]);
  });

  test("a folder without libtensorflow, and one that is not there", () => {
    const env = { PATH: pathWith({ "g++": "exit 0" }) };
    const wrong = setUp(["--from", folder], env);
    expect(wrong.code).toBe(7);
    expect(wrong.stderr).toContain("holds no libtensorflow");
    const absent = setUp(["--from", join(folder, "absent")], env);
    expect(absent.code).toBe(7);
    expect(absent.stderr).toContain("There is no folder");
  });

  (gpuPlatformProblem() ? test.skip : test)("for a GPU: CUDA libraries that a named folder lacks, and no pip", () => {
    const env = { PATH: pathWith({ "g++": "exit 0" }) };
    const lacking = setUp(["--device", "gpu", "--cuda", folder], env);
    expect(lacking.code).toBe(7);
    expect(lacking.stderr).toContain(`${folder} lacks CUDA libraries: libcudart.so.12, `);
    const alone = setUp(["--device", "gpu"], env);
    expect(alone.code).toBe(7);
    expect(alone.stderr).toContain("pip: Python's pip is missing");
    expect(alone.stderr).toContain("dlctl setup --device gpu --from");
    expect(filesIn(join(cache, "dlctl"))).toEqual([]);
  });

  test("a cache that can't be written", () => {
    writeFileSync(join(folder, "file"), "");
    const result = setUp([], { XDG_CACHE_HOME: join(folder, "file") });
    expect(result.code).toBe(7);
    expect(result.stderr).toContain("Can't write to the cache folder");
    expect(result.stderr).toContain("XDG_CACHE_HOME");
  });

  test("--remove where nothing is", () => {
    const result = setUp(["--remove", "--json"]);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({ removed: [], bytes: 0 });
  });
});

(hasNativeRuntime ? describe : describe.skip)("dlctl setup with a libtensorflow at hand (libtensorflow)", () => {
  test("what is there is kept", () => {
    const result = setUp(["--json"], { XDG_CACHE_HOME: join(cacheFolder(), "..") });
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ device: "cpu", isNew: false });
  });

  test("--from builds a runtime that computes, and --remove takes it away", () => {
    const lib = realpathSync(join(findInstalledRuntime("cpu")?.folder ?? "", "lib"));
    const made = setUp(["--from", join(lib, ".."), "--json"]);
    expect(made.stderr).not.toContain("Error");
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ device: "cpu", isNew: true, failures: [] });

    const { device, cache: found } = JSON.parse(
      runDlctl(["doctor", "--json"], { env: { XDG_CACHE_HOME: cache } }).stdout,
    );
    expect(device).toBe("cpu");
    expect(found.path).toBe(join(cache, "dlctl"));

    const removed = setUp(["--remove", "--json"]);
    expect(removed.code).toBe(0);
    // Each library once, though the addon's folder links to them.
    const sizes = readdirSync(lib).map((name) => statSync(join(lib, name)).size);
    const libraryBytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(JSON.parse(removed.stdout).bytes).toBeGreaterThan(libraryBytes);
    expect(JSON.parse(removed.stdout).bytes).toBeLessThan(1.05 * libraryBytes);
    expect(filesIn(join(cache, "dlctl"))).toEqual([]);
  }, 240_000);
});
