import { loadCudaLibraries } from "./cuda/cuda-addon";
import type { InstalledRuntime } from "./installed-runtime";
import { registerOverrides } from "./kernels/register-overrides";
import { markRuntimeUsed } from "./mark-runtime-used";
import type { NativeBackend } from "./native-backend";
import { restoreRemovedUtilFunctions } from "./node-compatibility";
import { loadOwnOps } from "./own-ops";
import { tf } from "./tf";

/** The name under which tfjs knows libtensorflow, on the CPU and on a GPU. */
export const nativeBackendName = "tensorflow";

interface BlockedSignals {
  /** Keeps Ctrl-C and its like off the thread that computes: native/blocked_signals.cc says why. */
  block(): boolean;
}

interface HeldStderr {
  hold(): boolean;
  release(): string;
}

/**
 * Loads the addon of `runtime` and makes it the backend of tfjs. What libtensorflow prints while it starts is held back
 * unless `isVerbose`. Throws what the dynamic linker or the addon throws.
 */
export async function loadNative(runtime: InstalledRuntime, { isVerbose = false } = {}): Promise<void> {
  restoreRemovedUtilFunctions();
  // What it logs later (allocations above a tenth of memory, GPU discovery) is held back to warnings by level.
  if (!isVerbose) process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const { NodeJSKernelBackend } = await (runtime.device === "gpu" ? import("#tfjs-node-gpu") : import("#tfjs-node"));
  // Before libtensorflow starts its threads, which inherit it.
  (require(runtime.blockedSignalsPath) as BlockedSignals).block();
  // Before libtensorflow looks for them by name.
  if (runtime.cuda) loadCudaLibraries(runtime.cudaAddonPath, runtime.cuda.libraries);
  const binding = requireQuietly(runtime, isVerbose);
  // After the addon: only then is libtensorflow there to register with.
  loadOwnOps(runtime);
  const packageName = runtime.device === "gpu" ? "@tensorflow/tfjs-node-gpu" : "@tensorflow/tfjs-node";
  // One binding serves every registration: under jest each test file has a tfjs of its own in the same process.
  tf.registerBackend(nativeBackendName, () => new NodeJSKernelBackend(binding as never, packageName), 3);
  registerOverrides(nativeBackendName);
  if (!(await tf.setBackend(nativeBackendName))) throw new Error("TensorFlow.js could not start its native backend");
  markRuntimeUsed(runtime);
}

/** The native backend in use, as tfjs has it; undefined on the js device. */
export function currentNativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === nativeBackendName ? (tf.backend() as unknown as NativeBackend) : undefined;
}

function requireQuietly({ addonPath, heldStderrPath }: InstalledRuntime, isVerbose: boolean): unknown {
  if (isVerbose) return require(addonPath);
  const stderr = require(heldStderrPath) as HeldStderr;
  stderr.hold();
  try {
    return require(addonPath);
  } finally {
    stderr.release();
  }
}
