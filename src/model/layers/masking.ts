import { z } from "zod";
import { tf } from "../../runtime/tf";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { tensorOf } from "./tensor-of";

export const masking = defineLayer({
  type: "masking",
  description:
    "Marks the steps whose numbers are all maskValue as padding: recurrent layers, attention and average pooling behind it pass over them.",
  shape: "[batch, steps, features] -> the same",
  options: { maskValue: z.number().default(0).describe("The number that padding is made of.") },
  inputRank: 3,
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ maskValue }) => tf.layers.masking({ maskValue }),
  equip: (layer) => {
    const { maskValue } = layer as tf.layers.Layer & { readonly maskValue: number };
    const isRead = (x: tf.Tensor, keepAxis: boolean) => tf.any(tf.notEqual(x, maskValue), -1, keepAxis);
    // Comparisons have no gradient, which tfjs takes for an error, not for 0: they are hidden from it.
    layer.call = (inputs) =>
      withGradient(tensorOf(inputs), (x) => {
        const factor = tf.cast(isRead(x, true), x.dtype);
        return {
          value: tf.mul(x, factor),
          saved: [factor],
          gradient: (dy, [factor]) => tf.mul(dy, factor as tf.Tensor),
        };
      });
    layer.computeMask = (inputs) =>
      withGradient(tensorOf(inputs), (x) => ({
        value: isRead(x, false),
        saved: [x],
        gradient: (_, [x]) => tf.zerosLike(x as tf.Tensor),
      }));
  },
});

interface Differentiable {
  readonly value: tf.Tensor;
  readonly saved: tf.Tensor[];
  gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor;
}

function withGradient(x: tf.Tensor, compute: (x: tf.Tensor) => Differentiable): tf.Tensor {
  return tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const { value, saved, gradient } = compute(x);
    save(saved);
    return { value, gradFunc: gradient };
  })(x);
}
