import type { tf } from "../../runtime/tf";

/** `average` moved by `share` towards `value`. */
export function movingAverage(average: tf.Tensor, value: tf.Tensor, share: number): tf.Tensor {
  return average.add(value.sub(average).mul(share));
}
