import { tf } from "../../runtime/tf";
import type { RecurrentWeights } from "./recurrent-kernel";

/** The kinds of layer that cuDNN computes as ours do, by its names: GRU is the one that applies the reset gate after the product. */
export type CudnnMode = "lstm" | "gru";

/**
 * A layer's weights as cuDNN takes them, in one vector: for each gate the kernel with a row for each unit, the same of the recurrent kernels,
 * then a bias for each gate beside the inputs' products and one beside the state's. Made of TensorFlow's operations, so that
 * gradients find their way back to the weights as the layer declares them.
 */
export function cudnnParameters(mode: CudnnMode, weights: RecurrentWeights): tf.Tensor1D {
  const { kernel, recurrentKernel, bias } = weights;
  const rows = [kernel, recurrentKernel].map((matrix) => tf.transpose(matrix));
  // Ours has one bias for the sum of both products.
  const biases = mode === "lstm" ? [tf.zerosLike(bias), bias] : tf.unstack(bias);
  const inOrder = mode === "lstm" ? (part: tf.Tensor) => part : withResetFirst;
  return tf.concat([...rows, ...biases].map((part) => tf.reshape(inOrder(part), [-1]))) as tf.Tensor1D;
}

/** Gates in the order r, z, h instead of z, r, h, along the first axis. */
function withResetFirst(part: tf.Tensor): tf.Tensor {
  const [update, reset, candidate] = tf.split(part, 3, 0) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return tf.concat([reset, update, candidate], 0);
}
