import type { InstalledRuntime } from "./installed-runtime";
import { probeAddon } from "./probe-addon";

export interface GpuProbe {
  readonly isUsable: boolean;
  /** Why not, one line; empty when it is usable. */
  readonly problem: string;
}

/** Whether the GPU runtime really computes on a GPU. libtensorflow's device list is the truth, not the package's name. */
export async function probeGpu({ addonPath }: InstalledRuntime): Promise<GpuProbe> {
  const { isWorking, isUsingGpu, problem } = await probeAddon(addonPath, {
    ...process.env,
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
  });
  if (!isWorking) return { isUsable: false, problem };
  if (isUsingGpu) return { isUsable: true, problem: "" };
  return {
    isUsable: false,
    problem: "libtensorflow finds no usable GPU (no NVIDIA driver, or CUDA libraries missing)",
  };
}
