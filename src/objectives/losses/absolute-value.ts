import type { tf } from "../../runtime/tf";

/** |x|, with 0 as its gradient at 0; TensorFlow.js's own `abs` has -1 there, which would move a perfect output. */
export function absoluteValue(x: tf.Tensor): tf.Tensor {
  return x.mul(x.sign());
}
