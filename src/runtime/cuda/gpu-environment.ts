/** What a process that computes on a GPU is told before libtensorflow is loaded, by environment variables. */
export interface GpuSettings {
  /** Among the GPUs that the process may see, in the order of their slots, as nvidia-smi counts. */
  readonly index: number;
  /** As much of the GPU's memory is used at most; by default it grows as it is needed, up to all of it. */
  readonly memoryMegabytes?: number | undefined;
  /** Float32 products are rounded to TF32, or must not be; undefined: as the user's environment says, else TensorFlow's default, which is TF32. */
  readonly isTf32?: boolean | undefined;
}

/** The variables for `settings`; those that the user has set stay, but for the choice of the GPU and of TF32. */
export function gpuEnvironment(
  { index, memoryMegabytes, isTf32 }: GpuSettings,
  env = process.env,
): Record<string, string> {
  // The addon computes on the last GPU it sees: it gets to see one.
  const visible = visibleGpus(env)?.[index] ?? String(index);
  return {
    CUDA_DEVICE_ORDER: env.CUDA_DEVICE_ORDER ?? "PCI_BUS_ID",
    CUDA_VISIBLE_DEVICES: visible,
    // Else all of the GPU's memory is taken at the start.
    TF_FORCE_GPU_ALLOW_GROWTH: env.TF_FORCE_GPU_ALLOW_GROWTH ?? "true",
    // Room for all that a driver compiles for a GPU newer than this libtensorflow: once, and not at every start.
    CUDA_CACHE_MAXSIZE: env.CUDA_CACHE_MAXSIZE ?? "4294967296",
    // cuBLAS and cuDNN read it: 0 forbids the rounding that TensorFlow asks for.
    ...(isTf32 === undefined ? {} : { NVIDIA_TF32_OVERRIDE: isTf32 ? "1" : "0" }),
    ...(memoryMegabytes === undefined ? {} : { DLCTL_GPU_MEMORY_MB: String(memoryMegabytes) }),
  };
}

/** The GPUs that the user, or a scheduler, has left visible, by number or identifier; undefined where all are. */
function visibleGpus(env: NodeJS.ProcessEnv): string[] | undefined {
  const names = env.CUDA_VISIBLE_DEVICES?.split(",").map((name) => name.trim());
  return names?.some((name) => name !== "") ? names : undefined;
}
