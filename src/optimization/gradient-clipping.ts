import { z } from "zod";
import { tf } from "../runtime/tf";

const limit = (describes: string) => z.number().positive().describe(describes);

/** Exactly one of `norm`, `value`, `globalNorm`. */
export const gradientClippingSchema = z
  .union([
    z.strictObject({ norm: limit("Each weight's gradient is shortened to this norm if it is longer.") }),
    z.strictObject({ value: limit("Each element is limited to [-value, value].") }),
    z.strictObject({ globalNorm: limit("All gradients together are scaled to this norm if they are longer.") }),
  ])
  .describe("Limits gradients before the optimizer takes them.");

/** By the norm of each gradient, by value, or by the norm of all gradients together. */
export type GradientClipping = z.output<typeof gradientClippingSchema>;

/** Limited copies of `gradients`, for use inside tf.tidy; the gradients as they are without `clipping`. */
export function clipGradients(clipping: GradientClipping | undefined, gradients: readonly tf.Tensor[]): tf.Tensor[] {
  if (!clipping) return [...gradients];
  if ("value" in clipping) return gradients.map((gradient) => gradient.clipByValue(-clipping.value, clipping.value));
  if ("norm" in clipping) {
    return gradients.map((gradient) => gradient.mul(shrink(gradient.square().sum(), clipping.norm)));
  }
  if (gradients.length === 0) return [];
  const squares = tf.addN(gradients.map((gradient) => gradient.square().sum()));
  const factor = shrink(squares, clipping.globalNorm);
  return gradients.map((gradient) => gradient.mul(factor));
}

/** What a vector with this squared norm is multiplied by to be no longer than `norm`. */
function shrink(squaredNorm: tf.Tensor, norm: number): tf.Tensor {
  return tf.div(norm, squaredNorm.sqrt().maximum(norm));
}
