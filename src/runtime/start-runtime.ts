import { EnvironmentError } from "../shared/errors";
import { useCudnn } from "./cuda/cudnn-use";
import { gpuEnvironment } from "./cuda/gpu-environment";
import { findInstalledRuntime, type InstalledRuntime } from "./installed-runtime";
import { currentNativeBackend, loadNative } from "./load-native";
import { chooseOwnOps } from "./own-ops";
import type { Precision } from "./precision";
import { type GpuProbe, probeGpu } from "./probe-gpu";
import { tf } from "./tf";
import { limitThreads, runOneOperationAtATime } from "./threads";

export type DeviceName = "gpu" | "cpu" | "js";
/** `gpu:1` is the second of the GPUs that the process may see, as nvidia-smi counts; `gpu` the first. */
export type DeviceRequest = "auto" | DeviceName | `gpu:${number}`;

/** What computes in this process. */
export interface Runtime {
  readonly device: DeviceName;
  /** One line for people: why this device and not a better one. */
  readonly reason: string;
  /** libtensorflow's version, or TensorFlow.js's on the js device. */
  readonly version: string;
  /** Of the gpu device. */
  readonly gpu?: ComputingGpu;
}

/** The GPU that computes. */
export interface ComputingGpu {
  readonly name: string;
  /** As its driver names it. */
  readonly uuid: string;
  /** "9.0" */
  readonly computeCapability: string;
  /** Whether float32 products are rounded to TF32: it has it, and nothing has turned it off. */
  readonly hasTf32: boolean;
  /** Why recurrent layers do without cuDNN's kernels; undefined where they don't. */
  readonly cudnnProblem?: string | undefined;
}

export interface StartOptions {
  /** Threads inside one operation; one for each usable CPU by default. No effect on js. */
  readonly threads?: number | undefined;
  /** Whether what is to run is mostly dlctl's own operations (native/ops), where there are any. */
  readonly isMostlyOwn?: boolean | undefined;
  /** Passes on what libtensorflow prints while it starts. */
  readonly isVerbose?: boolean | undefined;
  /** As much of a GPU's memory is used at most; all that is needed by default. */
  readonly gpuMemoryMegabytes?: number | undefined;
  /** float32 turns a GPU's TF32 off for the whole process, tf32 on; anything else leaves it as it is. */
  readonly precision?: Precision | undefined;
}

const started = new Map<DeviceName, Runtime>();
let current: Runtime | undefined;

/**
 * Starts the device that computes everything in this process and returns it; a second call for the same device returns
 * the first's answer. `auto` takes the first of gpu, cpu and js that is there; once a device runs, `auto` is that one.
 * Throws EnvironmentError when a device asked for by name is not there: there is no silent fallback.
 */
export async function startRuntime(request: DeviceRequest, options: StartOptions = {}): Promise<Runtime> {
  const runtime = request === "auto" ? (current ?? (await startBest(options))) : await startRequested(request, options);
  current = runtime;
  return runtime;
}

async function startBest(options: StartOptions): Promise<Runtime> {
  const missing: string[] = [];
  for (const device of ["gpu", "cpu"] as const) {
    const installed = findInstalledRuntime(device);
    if (!installed) {
      missing.push(`no ${device} runtime is set up`);
      continue;
    }
    try {
      return await startNative(installed, missing, options);
    } catch (error) {
      missing.push(
        error instanceof EnvironmentError
          ? firstLine(error)
          : `the ${device} runtime does not start: ${firstLine(error)}`,
      );
    }
  }
  return startJs(`${missing.join(", ")}; \`dlctl setup\` provides the cpu runtime, which is many times faster`);
}

function startRequested(request: Exclude<DeviceRequest, "auto">, options: StartOptions): Promise<Runtime> {
  const [device = "js", index = "0"] = request.split(":");
  return startNamed(device as DeviceName, options, Number(index));
}

async function startNamed(device: DeviceName, options: StartOptions, gpu: number): Promise<Runtime> {
  const running = started.get(device);
  if (running) {
    await tf.setBackend(device === "js" ? "cpu" : "tensorflow");
    return running;
  }
  if (device === "js") return startJs("asked for by name");
  const installed = findInstalledRuntime(device);
  if (!installed) {
    throw new EnvironmentError(
      `The ${device} device is not available: no ${device} runtime is set up on this machine`,
      {
        hint:
          device === "cpu"
            ? "Run `dlctl setup`, or use --device js, which needs nothing but is slow."
            : "Run `dlctl setup --device gpu`, or use --device cpu; `dlctl doctor` lists what this machine has.",
      },
    );
  }
  try {
    return await startNative(installed, ["asked for by name"], options, gpu);
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(`The ${device} device is not available: ${firstLine(error)}`, {
      hint: "Run `dlctl doctor` to see what is wrong, and `dlctl setup --force` to set the runtime up anew.",
      cause: error,
    });
  }
}

async function startNative(
  installed: InstalledRuntime,
  notes: string[],
  options: StartOptions,
  gpu = 0,
): Promise<Runtime> {
  const { device, libtensorflow } = installed;
  const computing = device === "gpu" ? await requireGpu(installed, gpu, options) : undefined;
  if (options.isMostlyOwn && !("problem" in chooseOwnOps(installed))) runOneOperationAtATime();
  limitThreads(options.threads);
  await loadNative(installed, options);
  if (device === "gpu" && !currentNativeBackend()?.isUsingGpuDevice) {
    throw new EnvironmentError("The gpu device is not available: libtensorflow started without it", {
      hint: "Run `dlctl doctor --verbose`, or use --device cpu.",
    });
  }
  const reason = [...(computing ? [computing.name] : []), `libtensorflow ${libtensorflow}`, ...notes].join("; ");
  return remember({ device, version: libtensorflow, reason, ...(computing && { gpu: computing }) });
}

async function startJs(reason: string): Promise<Runtime> {
  await tf.setBackend("cpu");
  // Its first operation would print an advertisement for tfjs-node.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  return remember({ device: "js", reason, version: tf.version.tfjs });
}

function remember(runtime: Runtime): Runtime {
  started.set(runtime.device, runtime);
  return runtime;
}

/**
 * Asks a child process: a libtensorflow that finds no GPU would compute on the CPU and say nothing. Then sets what
 * makes this process compute on that GPU.
 */
async function requireGpu(installed: InstalledRuntime, index: number, options: StartOptions): Promise<ComputingGpu> {
  const { isUsable, problem, fix, facts, cudnn }: GpuProbe = await probeGpu(installed, index, {
    takesEarlierProof: true,
  });
  if (!isUsable)
    throw new EnvironmentError(`The gpu device is not available: ${problem}`, { hint: `To mend it: ${fix}` });
  const { gpuMemoryMegabytes: memoryMegabytes, precision } = options;
  const isTf32 = precision === "tf32" ? true : precision === "float32" ? false : undefined;
  Object.assign(process.env, gpuEnvironment({ index, memoryMegabytes, isTf32 }));
  useCudnn(cudnn?.isProven === true);
  const { name = "a GPU", uuid = "", computeCapability = "" } = facts?.driver.gpus[index] ?? {};
  return {
    name,
    uuid,
    computeCapability,
    hasTf32: hasTf32(computeCapability),
    cudnnProblem: cudnn?.problem || undefined,
  };
}

/** TF32 came with Ampere; cuBLAS and cuDNN don't round where the variable is 0. */
const hasTf32 = (computeCapability: string): boolean =>
  Number.parseInt(computeCapability, 10) >= 8 && process.env.NVIDIA_TF32_OVERRIDE !== "0";

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
