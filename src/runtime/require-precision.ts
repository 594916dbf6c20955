import { EnvironmentError } from "../shared/errors";
import { isHalf, type Precision } from "./precision";
import type { Runtime } from "./start-runtime";

/**
 * Sees to it that the device can compute in this precision. Returns a sentence for people where it can, and that will disappoint them. Throws
 * EnvironmentError where it can't: another precision than was asked for is never taken silently.
 */
export function requirePrecision(precision: Precision | undefined, { device, gpu }: Runtime): string | undefined {
  if (device === "js" && isHalf(precision)) {
    throw new EnvironmentError(`train.precision: the js device can't compute in ${precision}`, {
      hint: "Run `dlctl setup` for the cpu device, or leave train.precision out.",
    });
  }
  if (device === "cpu" && precision === "float16") {
    return "float16 is for trying out on a CPU: few processors compute in it; bfloat16 is faster here";
  }
  if (device !== "gpu" || !gpu) return undefined;
  const generation = Number(gpu.computeCapability.split(".")[0]);
  if (precision === "bfloat16" && generation < 8) {
    throw new EnvironmentError(
      `train.precision: ${gpu.name} (compute capability ${gpu.computeCapability}) can't compute in bfloat16; GPUs from 8.0 on can`,
      { hint: "Use train.precision=float16." },
    );
  }
  if (precision === "float16" && generation < 7) {
    return `${gpu.name} (compute capability ${gpu.computeCapability}) has no tensor cores: float16 saves memory, and hardly time`;
  }
  if (precision === "tf32" && !gpu.hasTf32) {
    return `${gpu.name} (compute capability ${gpu.computeCapability}) has no TF32; products are float32`;
  }
  return undefined;
}
