import type { tf } from "../../runtime/tf";

/** The tensor among the `inputs` of a layer's call that takes one. */
export function tensorOf(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
}
