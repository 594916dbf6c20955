import { tf } from "../runtime/tf";
import type { Place } from "./place";

/**
 * The score's gradient at the input, of its shape without the batch's axis, row-major: how much a small change of each number changes
 * the score, "Deep inside convolutional networks" (Simonyan et al., 2013).
 */
export function inputGradient({ value, scores }: Place): Float32Array {
  return tf.tidy(() =>
    tf
      .grad((x: tf.Tensor) => scores(x).sum())(value)
      .dataSync(),
  ) as Float32Array;
}
