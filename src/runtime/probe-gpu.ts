import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CudaLibrary } from "./cuda/cuda-libraries";
import type { CudaFacts } from "./cuda/driver-facts";
import { explainCuda } from "./cuda/explain-cuda";
import { gpuEnvironment } from "./cuda/gpu-environment";
import { isProven, keepCudnnProof, keepProof, keptCudnnProof } from "./cuda/kept-proof";
import { type CudnnProof, proveCudnn } from "./cuda/prove-cudnn";
import type { InstalledRuntime } from "./installed-runtime";
import { packageFolder } from "./package-folders";
import { probeAddon } from "./probe-addon";

export interface GpuProbe {
  readonly isUsable: boolean;
  /** Why not, one line; empty when it is usable. */
  readonly problem: string;
  /** A command or sentence that mends it; empty when it is usable. */
  readonly fix: string;
  /** The driver, its GPUs, and the libraries; undefined where they could not be examined. */
  readonly facts: CudaFacts | undefined;
  /** Where a matrix product was computed, as libtensorflow tells it: "/device:GPU:0"; null where none was. */
  readonly computedOn: string | null;
  /** What libtensorflow wrote about GPUs meanwhile. */
  readonly log: readonly string[];
  /** Whether cuDNN's recurrent kernels compute rightly on it; undefined where it is not usable. */
  readonly cudnn?: CudnnProof;
}

/** Always the built file: a child process does not understand TypeScript. */
const examineScript = join(packageFolder, "dist", "runtime", "cuda", "examine-cuda.js");

/**
 * Whether the GPU runtime really computes on GPU `index`, of those that CUDA_VISIBLE_DEVICES lets this process see. All in child
 * processes (with `takesEarlierProof`, one that the same runtime gave before on the same GPU and driver will do): this one stays free of the driver. What is known to stand in the way is named; where nothing is, a matrix
 * product is the proof, and where libtensorflow says it was computed.
 */
export async function probeGpu(
  installed: InstalledRuntime,
  index = 0,
  { takesEarlierProof = false } = {},
): Promise<GpuProbe> {
  const { cuda } = installed;
  if (!cuda) return failed("its record is damaged", "dlctl setup --device gpu --force");
  const facts = await examineCuda(installed.cudaAddonPath, cuda.libraries);
  if (typeof facts === "string") return failed(facts, "dlctl setup --device gpu --force");
  const known = explainCuda(facts, cuda, index);
  if (known) return { isUsable: false, ...known, facts, computedOn: null, log: [] };
  if (takesEarlierProof && (await isProven(installed.folder, facts, index))) {
    const cudnn = (await keptCudnnProof(installed.folder, facts, index)) ?? (await tryCudnn(installed, facts, index));
    return { isUsable: true, problem: "", fix: "", facts, computedOn: null, log: [], cudnn };
  }
  const env = { ...process.env, ...gpuEnvironment({ index }), TF_CPP_MIN_LOG_LEVEL: "0", DLCTL_LOG_PLACEMENT: "1" };
  const probe = await probeAddon(installed.addonPath, {
    env,
    cuda: { addonPath: installed.cudaAddonPath, libraries: cuda.libraries },
  });
  const { computedOn } = probe;
  const log = probe.log.split("\n").filter((line) => /dlopen|cuda|cuInit|cudnn|cublas|gpu|Executing op/i.test(line));
  const fix = "dlctl doctor --verbose shows what it says; until then use --device cpu";
  if (!probe.isWorking) return { isUsable: false, problem: probe.problem, fix, facts, computedOn, log };
  if (probe.isUsingGpu && computedOn?.includes("GPU")) {
    await keepProof(installed.folder, facts, index);
    const cudnn = await tryCudnn(installed, facts, index);
    return { isUsable: true, problem: "", fix: "", facts, computedOn, log, cudnn };
  }
  const problem = `libtensorflow does not take the GPU: ${complaint(log)}`;
  return { isUsable: false, problem, fix, facts, computedOn, log };
}

async function tryCudnn({ folder, device }: InstalledRuntime, facts: CudaFacts, index: number): Promise<CudnnProof> {
  // Without TF32, which would hide small errors behind its own.
  const proof = await proveCudnn(device, { ...process.env, ...gpuEnvironment({ index, isTf32: false }) });
  if (proof.isFinal) await keepCudnnProof(folder, facts, index, proof);
  return proof;
}

function failed(problem: string, fix: string): GpuProbe {
  return { isUsable: false, problem, fix, facts: undefined, computedOn: null, log: [] };
}

/** What a child process finds out about the driver and the libraries; a sentence where it breaks. */
export async function examineCuda(
  addonPath: string,
  libraries: readonly CudaLibrary[],
  env = process.env,
): Promise<CudaFacts | string> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [examineScript, addonPath, JSON.stringify(libraries)],
      // Numbered as nvidia-smi does, and as the process that computes will.
      { env: { ...env, CUDA_DEVICE_ORDER: env.CUDA_DEVICE_ORDER ?? "PCI_BUS_ID" }, timeout: 60_000 },
    );
    return JSON.parse(stdout) as CudaFacts;
  } catch (error) {
    const { signal, stderr = "" } = error as { signal?: string | null; stderr?: string };
    const detail = stderr.split("\n").find((line) => /^\w*Error: /.test(line)) ?? "no message";
    return signal ? `loading CUDA was stopped by ${signal}` : `CUDA can't be examined: ${detail}`;
  }
}

/** The line of libtensorflow's log that says why; "it gives no reason" where none does. */
function complaint(log: readonly string[]): string {
  const line = log.find((text) => /could not|cannot|fail|error|skipping/i.test(text));
  return line?.replace(/^.*?\] /, "") ?? "it gives no reason";
}
