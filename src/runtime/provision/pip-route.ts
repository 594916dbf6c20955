import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ProvisionReporter } from "./provision-reporter";
import { complaint, findProgram, type ProgramResult, runProgram } from "./run-program";
import { sha256File } from "./sha256-file";
import { unpackWheel } from "./unpack-wheel";
import { type WheelPin, wheelPins, wheelPythonVersion } from "./wheel-pins";

/** How the user's pip is called: a program and its leading arguments; undefined where there is none. */
export function findPip(signal?: AbortSignal): Promise<readonly string[] | undefined> {
  return findProgram(pips, { signal });
}

const pips = [["python3", "-m", "pip"], ["python", "-m", "pip"], ["pip3"], ["pip"]] as const;

/**
 * Gets libtensorflow from a TensorFlow wheel through the user's pip, so that its configuration, mirrors and proxies
 * apply, into `target`/lib and `target`/include. Returns the source for people. Throws with one line that says why not.
 */
export async function obtainFromPip(
  target: string,
  workFolder: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
  pins = wheelPins,
): Promise<string> {
  const pin = pins[`${process.platform}-${process.arch}`];
  if (!pin) throw new Error(`there is no TensorFlow wheel for ${process.platform} on ${process.arch}`);
  const downloads = join(workFolder, "wheel");
  const wheel = await obtainWheel(pin, downloads, reporter, signal);
  await unpackWheel(wheel, target, reporter, signal);
  await rm(downloads, { recursive: true });
  return `pip wheel ${pin.package} ${pin.version}`;
}

/** Gets one wheel through the user's pip into `folder` and returns its path. Throws with one line that says why not. */
export async function obtainWheel(
  pin: WheelPin,
  folder: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<string> {
  const pip = await findPip(signal);
  if (!pip) throw new Error("Python's pip is missing (on Debian and Ubuntu: `apt install python3-pip`)");
  await mkdir(folder, { recursive: true });
  const wheel = await download(pip, pin, folder, reporter, signal);
  const sum = await sha256File(wheel, signal);
  if (sum === pin.sha256) return wheel;
  throw new Error(
    `the wheel that pip got has the SHA-256 sum ${sum} instead of ${pin.sha256}: its source is not to be trusted`,
  );
}

async function download(
  pip: readonly string[],
  pin: WheelPin,
  folder: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<string> {
  const [program = "", ...leading] = pip;
  const { platformTag } = pin;
  const args = ["download", "--no-deps", "--only-binary=:all:", "--platform", platformTag];
  // NVIDIA's wheels are for any Python.
  if (pin.package.startsWith("nvidia-")) args.push("--implementation", "py", "--abi", "none");
  else args.push("--implementation", "cp", "--abi", `cp${wheelPythonVersion}`);
  args.push("--python-version", wheelPythonVersion, "--no-cache-dir", "--no-input");
  args.push("--dest", folder, `${pin.package}==${pin.version}`);
  const what = pin.package.startsWith("tensorflow") ? "libtensorflow" : "CUDA's library";
  reporter.note(`Getting ${what} ${pin.version} through pip: ${pin.package}, ${Math.round(pin.bytes / 1e6)} MB`);
  if (!pin.isTested) reporter.note(`This route has not been tested on ${process.platform} ${process.arch} yet.`);
  const bar = reporter.progress("Downloading", pin.bytes);
  // pip shows progress only on a terminal, so the files it writes are watched; it writes first to its temporary folder.
  const watch = setInterval(() => void bytesIn(folder).then((bytes) => bar.update(Math.min(bytes, pin.bytes))), 500);
  try {
    const result = await runProgram(program, [...leading, ...args], {
      signal,
      env: { ...process.env, TMPDIR: folder },
    });
    if (result.code !== 0) throw new Error(`pip can't get ${pin.package} ${pin.version}: ${explain(result)}`);
  } finally {
    clearInterval(watch);
    bar.finish();
  }
  const name = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  if (!name) throw new Error("pip reported success but left no wheel");
  return join(folder, name);
}

const networkReasons =
  /Cannot connect to proxy|Connection refused|Network is unreachable|Name or service not known|name resolution|timed out|certificate verify failed/i;

/** pip ends with "no matching distribution" also when it could not ask: what it said before is the reason then. */
function explain(result: ProgramResult): string {
  if (/No space left on device/.test(result.stderr)) return "there is no space left on the disk";
  const [reason] = networkReasons.exec(result.stderr) ?? [];
  if (reason) return `the package index can't be reached (${reason})`;
  if (/from versions: none/.test(result.stderr)) return "the package index does not have it, or can't be reached";
  return complaint(result);
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    // `path` is what Node 20 has; it was renamed to `parentPath`.
    const parent = entry.parentPath ?? (entry as unknown as { path: string }).path;
    return entry.isFile() ? ((await stat(join(parent, entry.name)).catch(() => undefined))?.size ?? 0) : 0;
  });
  return Math.max(0, ...(await Promise.all(sizes)));
}
