import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/** FusedKernels' `normalize`, by native/ops/layer_norm.cc. */
export function fusedNormalize(
  native: NativeOps,
  x: tf.Tensor,
  gamma: tf.Tensor | null,
  beta: tf.Tensor | null,
  { epsilon, isCentred }: { readonly epsilon: number; readonly isCentred: boolean },
): tf.Tensor {
  const centred = { bool: isCentred };
  const width = x.shape.at(-1) as number;
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [x, ...weights] = given as [tf.Tensor, ...tf.Tensor[]];
    const none = tf.zeros([0]);
    const scale = gamma ? (weights[0] as tf.Tensor) : none;
    const shift = beta ? (weights.at(-1) as tf.Tensor) : none;
    const rows = tf.reshape(x, [-1, width]);
    const attributes = { epsilon: { float: epsilon }, centred };
    const [y, statistics] = native.executeOp("DlctlLayerNorm", attributes, [rows, scale, shift], 2) as [
      tf.Tensor,
      tf.Tensor,
    ];
    save([rows, scale, statistics]);
    return {
      value: tf.reshape(y, x.shape),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const inputs = [tf.reshape(dy, [-1, width]), ...saved];
        const [dx, dgamma, dbeta] = native.executeOp("DlctlLayerNormGradient", { centred }, inputs, 3) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        return [tf.reshape(dx, dy.shape), ...(gamma ? [dgamma] : []), ...(beta ? [dbeta] : [])];
      },
    };
  });
  return compute(x, ...(gamma ? [gamma] : []), ...(beta ? [beta] : []));
}
