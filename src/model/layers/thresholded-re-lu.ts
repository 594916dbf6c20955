import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { tensorOf } from "./tensor-of";

export const thresholdedReLU = defineLayer({
  type: "thresholdedReLU",
  description: "x where it is above theta, else 0.",
  shape: "[batch, ...] -> the same",
  options: { theta: z.number().nonnegative().default(1).describe("The threshold.") },
  cost: (_options, { output }) => activation("relu", sizeOf(output)),
  build: ({ theta }) => tf.layers.thresholdedReLU({ theta }),
  equip: (layer) => {
    const { theta } = layer as tf.layers.Layer & { theta: number };
    // tfjs's own call has no gradient, because its comparison has none.
    const gate = tf.customGrad((...given) => {
      const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
      const isOpen = tf.cast(tf.greater(x, theta), "float32");
      save([isOpen]);
      return {
        value: tf.mul(x, isOpen),
        gradFunc: (dy: tf.Tensor, [isOpen]: tf.Tensor[]) => tf.mul(dy, isOpen as tf.Tensor),
      };
    });
    layer.call = (inputs) => gate(tensorOf(inputs));
  },
});
