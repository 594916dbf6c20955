import { tf } from "../../runtime/tf";
import { binaryCrossentropyOf } from "../losses/binary-log-loss";
import { categoricalCrossentropyOf } from "../losses/categorical-log-loss";
import { countedTargets } from "../steps";

/**
 * Sum of `-log p(target)`, in nats, over the targets that count. Targets int32 `[batch]`, outputs probabilities `[batch,
 * classes]` or of the second of two classes `[batch, 1]`.
 */
export function logLossSum(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const indices = targets.maximum(tf.scalar(0, "int32"));
  const losses =
    outputs.shape.at(-1) === 1
      ? binaryCrossentropyOf(indices.toFloat().reshape([-1, 1]), outputs).reshape([-1])
      : categoricalCrossentropyOf(indices, outputs);
  return losses.mul(countedTargets(targets)).sum();
}
