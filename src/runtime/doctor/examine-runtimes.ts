import type { EnvironmentError } from "../../shared/errors";
import { findInstalledRuntime, type InstalledRuntime, type NativeDevice } from "../installed-runtime";
import { chooseOwnOps } from "../own-ops";
import { probeAddon } from "../probe-addon";
import { probeGpu } from "../probe-gpu";
import { findCompiler } from "../provision/build-addon";
import { findPip } from "../provision/pip-route";
import { platformProblem } from "../provision/platform-support";
import type { DeviceName } from "../start-runtime";
import { tf } from "../tf";

/** What there is of one device, and how to mend it where it is not available. */
export interface RuntimeReport {
  readonly device: DeviceName;
  readonly available: boolean;
  /** Folder of the runtime; null where there is none. */
  readonly path: string | null;
  /** Of libtensorflow, or of TensorFlow.js on the js device. */
  readonly version: string | null;
  readonly problem: string | null;
  /** One command or sentence that mends it. */
  readonly fix: string | null;
  /** The level of instructions that dlctl's own operations are compiled for; null where none are used. */
  readonly ownOps: string | null;
  /** Why none are used; null where that needs no reason. */
  readonly ownOpsProblem: string | null;
}

/** Examines all devices, best first. Computes only in child processes, so nothing that is broken breaks the caller. */
export async function examineRuntimes(hasNvidiaDriver: boolean): Promise<RuntimeReport[]> {
  return [await examineGpu(hasNvidiaDriver), await examineCpu(), examineJs()];
}

async function examineGpu(hasNvidiaDriver: boolean): Promise<RuntimeReport> {
  const installed = tryFind("gpu");
  if (!installed) {
    const problem = hasNvidiaDriver
      ? "no GPU runtime is set up"
      : "no GPU runtime is set up, and there is no NVIDIA driver";
    const fix = hasNvidiaDriver ? "this version of dlctl can't set up the GPU runtime; use --device cpu" : null;
    return missing("gpu", problem, fix);
  }
  const { isUsable, problem } = await probeGpu(installed);
  const { folder: path, libtensorflow: version } = installed;
  if (isUsable) return { device: "gpu", available: true, path, version, problem: null, fix: null, ...noOwnOps };
  return { device: "gpu", available: false, path, version, problem, fix: "use --device cpu", ...noOwnOps };
}

async function examineCpu(): Promise<RuntimeReport> {
  const installed = tryFind("cpu");
  if (!installed) return explainMissingCpu();
  const { isWorking, problem } = await probeAddon(installed.addonPath);
  const { folder: path, libtensorflow: version } = installed;
  if (!isWorking)
    return { device: "cpu", available: false, path, version, problem, fix: "dlctl setup --force", ...noOwnOps };
  return {
    device: "cpu",
    available: true,
    path,
    version,
    problem: null,
    fix: null,
    ...(await examineOwnOps(installed)),
  };
}

const noOwnOps = { ownOps: null, ownOpsProblem: null };

async function examineOwnOps(installed: InstalledRuntime): Promise<Pick<RuntimeReport, keyof typeof noOwnOps>> {
  const choice = chooseOwnOps(installed);
  if ("problem" in choice) return { ownOps: null, ownOpsProblem: choice.problem };
  const { isWorking, problem } = await probeAddon(installed.addonPath, process.env, choice.path);
  return isWorking ? { ownOps: choice.level, ownOpsProblem: null } : { ownOps: null, ownOpsProblem: problem };
}

async function explainMissingCpu(): Promise<RuntimeReport> {
  const unsupported = platformProblem();
  if (unsupported) return missing("cpu", unsupported, "use --device js");
  const noCompiler = await findCompiler().then(
    () => undefined,
    (error: EnvironmentError) => error,
  );
  if (noCompiler)
    return missing("cpu", `not set up; ${lowerFirst(noCompiler.message)}`, `${noCompiler.hint} Then run: dlctl setup`);
  if (!(await findPip())) {
    const fix = "install Python's pip (Debian, Ubuntu: apt install python3-pip), then run: dlctl setup";
    return missing("cpu", "not set up; Python's pip is missing", fix);
  }
  return missing("cpu", "not set up", "dlctl setup");
}

function examineJs(): RuntimeReport {
  return { device: "js", available: true, path: null, version: tf.version.tfjs, problem: null, fix: null, ...noOwnOps };
}

function missing(device: DeviceName, problem: string, fix: string | null): RuntimeReport {
  return { device, available: false, path: null, version: null, problem, fix, ...noOwnOps };
}

/** A package that is not built has no addon.json; that must not end a diagnosis. */
function tryFind(device: NativeDevice) {
  try {
    return findInstalledRuntime(device);
  } catch {
    return undefined;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
