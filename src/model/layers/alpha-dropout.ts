import { tf } from "../../runtime/tf";
import { noise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { drawMask, equipNoise } from "./noise";
import { rate } from "./rate";

/** What selu goes to for inputs far below 0: -alpha * scale of its definition. */
const saturation = -1.6732632423543772 * 1.0507009873554805;

export const alphaDropout = defineLayer({
  type: "alphaDropout",
  description:
    "Dropout after selu: dropped inputs get selu's least value, and mean and variance stay as they are. Klambauer et al., 2017.",
  shape: "[batch, ...] -> the same",
  options: { rate },
  cost: (_options, { output }) => noise(sizeOf(output)),
  build: ({ rate }) => tf.layers.alphaDropout({ rate }),
  equip: (layer, seed) => {
    const { rate } = layer as tf.layers.Layer & { rate: number };
    const factor = ((1 - rate) * (1 + rate * saturation ** 2)) ** -0.5;
    const shift = -factor * saturation * rate;
    equipNoise(layer, (x) => {
      const mask = drawMask(x.shape, rate, seed);
      const dropped = tf.mul(tf.sub(1, mask), saturation);
      return tf.add(tf.mul(tf.add(tf.mul(x, mask), dropped), factor), shift);
    });
  },
});
