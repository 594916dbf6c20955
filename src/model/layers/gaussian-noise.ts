import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { drawNoise, equipNoise } from "./noise";

export const gaussianNoise = defineLayer({
  type: "gaussianNoise",
  description: "Adds normal noise in training.",
  shape: "[batch, ...] -> the same",
  options: { stddev: z.number().nonnegative().describe("Standard deviation of the noise.") },
  build: ({ stddev }) => tf.layers.gaussianNoise({ stddev }),
  equip: (layer, seed) => {
    const { stddev } = layer as tf.layers.Layer & { stddev: number };
    equipNoise(layer, (x) => tf.add(x, drawNoise(x.shape, stddev, seed)));
  },
});
