import { tf } from "../runtime/tf";
import { logitsOf, rememberLogits } from "./logits";

/**
 * Outputs of sequences, `[batch, time, width]`, as those of single steps, `[batch * time, width]`. What they were computed
 * from stays known.
 */
export function flattenSteps(outputs: tf.Tensor): tf.Tensor2D {
  const shape: [number, number] = [-1, outputs.shape.at(-1) ?? 1];
  const flat = outputs.reshape(shape) as tf.Tensor2D;
  for (const activation of ["softmax", "sigmoid"] as const) {
    const logits = logitsOf(outputs, activation);
    if (logits) rememberLogits(flat, activation, logits.reshape(shape));
  }
  return flat;
}

/** 1 where a target is a class, 0 where it is -1 and there is nothing to predict; float32, shaped like `targets`. */
export function countedTargets(targets: tf.Tensor): tf.Tensor {
  return tf.greaterEqual(targets, 0).toFloat();
}
