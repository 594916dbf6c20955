import type { EnvironmentError } from "../../shared/errors";
import type { GpuArchitectures } from "../cuda/cuda-libraries";
import type { CudaFacts } from "../cuda/driver-facts";
import type { CudnnProof } from "../cuda/prove-cudnn";
import { findInstalledRuntime, type InstalledRuntime, type NativeDevice } from "../installed-runtime";
import { chooseOwnOps } from "../own-ops";
import { probeAddon } from "../probe-addon";
import { probeGpu } from "../probe-gpu";
import { findCompiler } from "../provision/build-addon";
import { findPip } from "../provision/pip-route";
import { gpuPlatformProblem, platformProblem } from "../provision/platform-support";
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
  /** For a GPU runtime that is set up: the driver, its GPUs, the CUDA libraries, and the proof that it computes. */
  readonly gpu?: GpuReport | null;
}

export interface GpuReport extends CudaFacts {
  /** Where a matrix product was computed, as libtensorflow tells it; null where none was. */
  readonly computedOn: string | null;
  /** Whether cuDNN's recurrent kernels compute rightly; null where nothing was computed. */
  readonly cudnn: CudnnProof | null;
  /** What libtensorflow wrote about GPUs meanwhile. */
  readonly log: readonly string[];
  /** Where the CUDA libraries are from. */
  readonly source: string;
  readonly architectures: GpuArchitectures;
}

const noArchitectures: GpuArchitectures = { binary: [], ptx: [] };

/** Examines all devices, best first. Computes only in child processes, so nothing that is broken breaks the caller. */
export async function examineRuntimes(hasNvidiaDriver: boolean): Promise<RuntimeReport[]> {
  return [await examineGpu(hasNvidiaDriver), await examineCpu(), examineJs()];
}

async function examineGpu(hasNvidiaDriver: boolean): Promise<RuntimeReport> {
  const installed = tryFind("gpu");
  if (!installed) {
    const unsupported = gpuPlatformProblem();
    if (unsupported) return missing("gpu", unsupported, null);
    const problem = hasNvidiaDriver
      ? "no GPU runtime is set up"
      : "no GPU runtime is set up, and there is no NVIDIA driver";
    return missing("gpu", problem, hasNvidiaDriver ? "dlctl setup --device gpu" : null);
  }
  const { isUsable: available, problem, fix, facts, computedOn, log, cudnn = null } = await probeGpu(installed);
  const { folder: path, libtensorflow: version, cuda } = installed;
  const gpu: GpuReport | null = facts
    ? {
        ...facts,
        computedOn,
        cudnn,
        log,
        source: cuda?.source ?? "",
        architectures: cuda?.architectures ?? noArchitectures,
      }
    : null;
  return { device: "gpu", available, path, version, problem: problem || null, fix: fix || null, ...noOwnOps, gpu };
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
  const { isWorking, problem } = await probeAddon(installed.addonPath, { ownOpsPath: choice.path });
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
