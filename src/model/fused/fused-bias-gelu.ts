import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/** FusedKernels' `biasGelu`, by native/ops/gelu.cc. */
export function fusedBiasGelu(native: NativeOps, x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [x, shift = tf.zeros([0])] = given as [tf.Tensor, tf.Tensor | undefined];
    save([x, shift]);
    return {
      value: native.executeOp("DlctlBiasGelu", {}, [x, shift], 1)[0] as tf.Tensor,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [dx, dbias] = native.executeOp("DlctlBiasGeluGradient", {}, [dy, ...saved], 2);
        return [dx as tf.Tensor, ...(bias ? [dbias as tf.Tensor] : [])];
      },
    };
  });
  return compute(x, ...(bias ? [bias] : []));
}
