import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";

const bin = join(projectFolder, "bin", "dlctl");
const { version } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("--version", () => {
  expect(runDlctl(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help lists every command, and only those that there are", () => {
  const { code, stdout, stderr } = runDlctl(["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name as string);
  expect(commands).toEqual(expect.arrayContaining(["init", "train", "predict", "evaluate", "doctor", "setup"]));
  for (const name of commands.filter((command) => command !== "help")) {
    expect(existsSync(join(projectFolder, "src", "commands", `${name}.ts`))).toBe(true);
    expect(stdout).toContain(`${name} `);
  }
});

test("without a command: help on stderr, exit 2", () => {
  const { code, stdout, stderr } = runDlctl([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: dlctl");
});

test.each([
  [["trian"], "Unknown command 'trian'", "Did you mean train?"],
  [["doctor", "--jsno"], "Unknown option '--jsno'", "Did you mean --json?"],
  [["predict", "m", "x", "--devise", "cpu"], "Unknown option '--devise'", "Did you mean --device?"],
  [["predict"], "Missing required argument 'model'", "See: dlctl predict --help"],
  [["schema", "more"], "Too many arguments for 'schema'", "See: dlctl schema --help"],
  [["predict", "m", "x", "--top-k", "many"], "'many' is invalid. It must be a whole number above 0.", "See: "],
  [["evaluate", "m", "--split", "dev"], "Allowed choices are test, validation, train.", "See: "],
])("%j exits with 2 and says how to mend it", (args, message, hint) => {
  const { code, stdout, stderr } = runDlctl(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
});

test("global options stand before or after the command", () => {
  expect(JSON.parse(runDlctl(["--json", "schema"]).stdout)).toEqual(JSON.parse(runDlctl(["schema", "--json"]).stdout));
});

test("with --json errors go to stderr", () => {
  const { code, stdout, stderr } = runDlctl(["predict", "no-model", "x.png", "--json"]);
  expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
  expect(stderr).toContain("There is no model folder no-model");
});

test("a reader that goes away ends it quietly", () => {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" schema | head -n 1`], {
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "{\n", stderr: "" });
});

(existsSync("/dev/full") ? test : test.skip)("a standard output that is full is an error of the environment", () => {
  const { status, stderr } = spawnSync(process.execPath, [bin, "schema"], {
    encoding: "utf8",
    stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
  });
  expect(stderr).toContain("Can't write to standard output: the disk is full");
  expect(status).toBe(7);
});

test("the first Ctrl-C ends it in good order with 130, while it waits", async () => {
  const child = spawn(process.execPath, [bin, "setup"], {
    // A lock held by this process: setup waits for it.
    env: { ...process.env, XDG_CACHE_HOME: lockedCache() },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (chunk) => {
      told += chunk;
      if (told.includes("Another dlctl setup is at work")) resolve();
    });
  });
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(told).not.toMatch(/^\s+at /m);
});

function lockedCache(): string {
  const cache = join(folder, "cache");
  mkdirSync(join(cache, "dlctl"), { recursive: true });
  const { pid } = process;
  writeFileSync(join(cache, "dlctl", "setup.lock"), JSON.stringify({ pid, host: hostname() }));
  return cache;
}

describe("bin/dlctl", () => {
  test("runs through a link, as npm installs it", () => {
    const link = join(folder, "dlctl");
    symlinkSync(bin, link);
    expect(spawnSync(link, ["--version"], { encoding: "utf8" }).stdout).toBe(`${version}\n`);
  });

  test("says what to do where dist is missing", () => {
    mkdirSync(join(folder, "clone", "bin"), { recursive: true });
    copyFileSync(bin, join(folder, "clone", "bin", "dlctl"));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "clone", "bin", "dlctl")], {
      encoding: "utf8",
    });
    expect(status).toBe(7);
    expect(stderr).toMatch(/^error: dlctl is not built: .*\n {2}In a clone, run: npm run build\n$/);
  });

  test("says what to do on an old Node.js", () => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '18.19.0' });";
    const { status, stderr } = spawnSync(process.execPath, ["-e", `${old} require(${JSON.stringify(bin)})`], {
      encoding: "utf8",
    });
    expect(status).toBe(7);
    expect(stderr).toContain("dlctl needs Node.js 20 or newer");
  });

  test("gives libuv more threads, unless the user says how many", () => {
    const threads = (env: Record<string, string | undefined>) =>
      JSON.parse(runDlctl(["doctor", "--json"], { env }).stdout).threads.UV_THREADPOOL_SIZE;
    expect(Number(threads({ UV_THREADPOOL_SIZE: undefined }))).toBeGreaterThanOrEqual(4);
    expect(threads({ UV_THREADPOOL_SIZE: "3" })).toBe("3");
  });
});

// What makes it fast, as a time would depend on the machine's load: 0.03 s over `node -e 0` on two quiet cores.
test("--help loads no command and no package but commander and picocolors", () => {
  const script = `
    require(${JSON.stringify(join(projectFolder, "dist", "cli", "main.js"))}).main(["--help"])
      .then(() => console.error(JSON.stringify(Object.keys(require.cache))));`;
  const { stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  const loaded = (JSON.parse(stderr) as string[]).map((path) => path.slice(projectFolder.length + 1));
  const packages = loaded
    .map((path) => path.match(/^node_modules.([^/\\]+)/)?.[1])
    .filter((name) => name !== undefined);
  expect([...new Set(packages)].sort()).toEqual(["commander", "picocolors"]);
  expect(loaded.filter((path) => /^dist.(commands|runtime.tf|train|predict)/.test(path))).toEqual([]);
  expect(loaded.length).toBeLessThan(60);
});
