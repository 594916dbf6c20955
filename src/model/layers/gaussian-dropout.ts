import { tf } from "../../runtime/tf";
import { noise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { drawNoise, equipNoise } from "./noise";
import { rate } from "./rate";

export const gaussianDropout = defineLayer({
  type: "gaussianDropout",
  description:
    "Multiplies by normal noise of mean 1 and standard deviation sqrt(rate / (1 - rate)) in training. Srivastava et al., 2014.",
  shape: "[batch, ...] -> the same",
  options: { rate: rate.describe("The rate of a dropout with noise of the same variance.") },
  cost: (_options, { output }) => noise(sizeOf(output)),
  build: ({ rate }) => tf.layers.gaussianDropout({ rate }),
  equip: (layer, seed) => {
    const { rate } = layer as tf.layers.Layer & { rate: number };
    equipNoise(layer, (x) => tf.mul(x, tf.add(drawNoise(x.shape, Math.sqrt(rate / (1 - rate)), seed), 1)));
  },
});
