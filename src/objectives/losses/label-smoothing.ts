import { z } from "zod";
import type { tf } from "../../runtime/tf";

export const labelSmoothing = z
  .number()
  .min(0)
  .lt(1)
  .default(0)
  .describe("Share of the target that is spread evenly over all classes.");

/** `targets * (1 - smoothing) + smoothing / classes`, over one-hot targets `[batch, classes]`. */
export function smoothClasses(targets: tf.Tensor, smoothing: number): tf.Tensor {
  if (smoothing === 0) return targets;
  return targets.mul(1 - smoothing).add(smoothing / (targets.shape.at(-1) ?? 1));
}

/** `targets * (1 - smoothing) + smoothing / 2`, where each output is a yes or no of its own. */
export function smoothBinary(targets: tf.Tensor, smoothing: number): tf.Tensor {
  if (smoothing === 0) return targets;
  return targets.mul(1 - smoothing).add(smoothing / 2);
}
