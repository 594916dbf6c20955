import { hasTiles } from "../runtime/own-ops";
import { isHalf, type Precision } from "../runtime/precision";
import type { Runtime } from "../runtime/start-runtime";

/**
 * What products in training are computed in, where this was asked for (undefined: nothing), on this device and by this engine: TF32 where the
 * device has it and it is not turned off.
 */
export function usedPrecision(
  request: Precision | undefined,
  { device, gpu }: Pick<Runtime, "device" | "gpu">,
  engine: "auto" | "eager" | "graph",
): Precision {
  if (isHalf(request) || request === "float32") return request;
  if (device === "gpu") return gpu?.hasTf32 ? "tf32" : "float32";
  // Of the CPU's operations those of our own do with less than float32 that multiply in tile registers, where steps are compiled.
  const isRounded = request === "tf32" && device === "cpu" && engine !== "eager" && hasTiles();
  return isRounded ? "tf32" : "float32";
}
