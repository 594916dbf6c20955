import { tf } from "../../runtime/tf";

/** One-hot float32 targets shaped like `outputs`, from one-hot ones or from class indices `[batch]`. */
export function oneHotTargets(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return targets.rank < outputs.rank ? tf.oneHot(targets.toInt(), outputs.shape.at(-1) ?? 1).toFloat() : targets;
}
