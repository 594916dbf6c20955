import type { tf } from "../../runtime/tf";

/** Class with the highest output, int32 `[batch]`; for a single unit, 1 where it is over `threshold`, else 0. */
export function predictedClasses(outputs: tf.Tensor, threshold: number): tf.Tensor1D {
  if (outputs.shape.at(-1) === 1) return outputs.greater(threshold).toInt().as1D();
  return outputs.argMax(-1).as1D();
}
