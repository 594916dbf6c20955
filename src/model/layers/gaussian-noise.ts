import { z } from "zod";
import { tf } from "../../runtime/tf";
import { noise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { drawNoise, equipNoise } from "./noise";

export const gaussianNoise = defineLayer({
  type: "gaussianNoise",
  description: "Adds normal noise in training.",
  shape: "[batch, ...] -> the same",
  options: { stddev: z.number().nonnegative().describe("Standard deviation of the noise.") },
  cost: (_options, { output }) => noise(sizeOf(output)),
  build: ({ stddev }) => tf.layers.gaussianNoise({ stddev }),
  equip: (layer, seed) => {
    const { stddev } = layer as tf.layers.Layer & { stddev: number };
    equipNoise(layer, (x) => tf.add(x, drawNoise(x.shape, stddev, seed)));
  },
});
