import type { EnvironmentError } from "../../shared/errors";
import { findInstalledRuntime, type NativeDevice } from "../installed-runtime";
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
  if (isUsable) return { device: "gpu", available: true, path, version, problem: null, fix: null };
  return { device: "gpu", available: false, path, version, problem, fix: "use --device cpu" };
}

async function examineCpu(): Promise<RuntimeReport> {
  const installed = tryFind("cpu");
  if (!installed) return explainMissingCpu();
  const { isWorking, problem } = await probeAddon(installed.addonPath);
  const { folder: path, libtensorflow: version } = installed;
  if (isWorking) return { device: "cpu", available: true, path, version, problem: null, fix: null };
  return { device: "cpu", available: false, path, version, problem, fix: "dlctl setup --force" };
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
  return { device: "js", available: true, path: null, version: tf.version.tfjs, problem: null, fix: null };
}

function missing(device: DeviceName, problem: string, fix: string | null): RuntimeReport {
  return { device, available: false, path: null, version: null, problem, fix };
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
