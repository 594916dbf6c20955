import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/** FusedKernels' `dense`, by native/ops/dense.cc and dense_gradient.cc. */
export function fusedDense(native: NativeOps, x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const product = (x: tf.Tensor, weights: tf.Tensor, shift: tf.Tensor, isTransposed: boolean) =>
    native.executeOp("DlctlDense", { transposed: { bool: isTransposed } }, [x, weights, shift], 1)[0] as tf.Tensor;
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [x, kernel, shift = tf.zeros([0])] = given as [tf.Tensor, tf.Tensor, tf.Tensor | undefined];
    save([x, kernel]);
    return {
      value: product(x, kernel, shift, false),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, kernel] = saved as [tf.Tensor, tf.Tensor];
        const [dkernel, dbias] = native.executeOp("DlctlDenseGradient", {}, [x, dy], 2) as [tf.Tensor, tf.Tensor];
        return [product(dy, kernel, tf.zeros([0]), true), dkernel, ...(bias ? [dbias] : [])];
      },
    };
  });
  return compute(x, kernel, ...(bias ? [bias] : []));
}
