import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/**
 * Gradients of a kernel and a bias that were applied to each step of x, `[batch, time, features]`, from that of the sums,
 * `[batch * time, units]`: one of dlctl's own operations (native/ops/dense_gradient.cc).
 */
export function weightGradient(
  native: NativeOps,
  x: tf.Tensor3D,
  sums: tf.Tensor2D,
): { readonly kernel: tf.Tensor; readonly bias: tf.Tensor } {
  const [batch, time, features] = x.shape;
  const rows = tf.reshape(x, [batch * time, features]);
  const [kernel, bias] = native.executeOp("DlctlDenseGradient", {}, [rows, sums], 2) as [tf.Tensor, tf.Tensor];
  return { kernel, bias };
}

/** Gradient of x from the same sums. */
export function inputGradient(x: tf.Tensor3D, kernel: tf.Tensor2D, sums: tf.Tensor2D): tf.Tensor {
  return tf.reshape(tf.matMul(sums, kernel, false, true), x.shape);
}
