import { type NativeOps, nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/**
 * `-log(softmax(logits)[target])` of class indices, int32 `[batch]`, and logits `[batch, classes]`; `[batch]`. With
 * libtensorflow one operation gives loss and gradient, without a one-hot matrix as large as the logits.
 */
export function sparseLogLoss(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const native = nativeBackend();
  if (native) return fusedLoss(native, targets, logits);
  const chosen = tf.oneHot(targets.toInt(), logits.shape.at(-1) ?? 1).toFloat();
  return chosen.mul(tf.logSoftmax(logits)).sum(-1).neg();
}

function fusedLoss(native: NativeOps, targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const attributes = { T: { dtype: "float32" }, Tlabels: { dtype: "int32" } } as const;
  const loss = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [value, slope] = native.executeOp("SparseSoftmaxCrossEntropyWithLogits", attributes, [x, targets], 2);
    save([slope as tf.Tensor]);
    return {
      value: value as tf.Tensor,
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => dy.expandDims(-1).mul(saved as tf.Tensor),
    };
  });
  return loss(logits);
}
