import { tf } from "../../runtime/tf";

/** Targets of 0 and 1 as -1 and 1 (anything between likewise: `2 y - 1`); targets that are -1 already stay. */
export function hingeTargets(targets: tf.Tensor): tf.Tensor {
  return tf.where(targets.less(0), targets, targets.mul(2).sub(1));
}
