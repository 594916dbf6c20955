import { tf } from "../../runtime/tf";
import { noise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { drawMask, equipNoise } from "./noise";
import { rate } from "./rate";

export const spatialDropout1d = defineLayer({
  type: "spatialDropout1d",
  description: "Dropout of whole channels of a sequence. Tompson et al., 2015.",
  shape: "[batch, steps, channels] -> the same",
  options: { rate },
  inputRank: 3,
  cost: (_options, { output }) => noise(sizeOf(output), output.at(-1) ?? 1),
  build: ({ rate }) => tf.layers.spatialDropout1d({ rate }),
  equip: (layer, seed) => {
    const { rate } = layer as tf.layers.Layer & { rate: number };
    equipNoise(layer, (x) => {
      const [batch, , channels] = x.shape as [number, number, number];
      return tf.mul(x, tf.div(drawMask([batch, 1, channels], rate, seed), 1 - rate));
    });
  },
});
