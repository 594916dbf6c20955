import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";

export const elu = defineLayer({
  type: "elu",
  description: "x where it is positive, else exp(x) - 1.",
  shape: "[batch, ...] -> the same",
  options: {
    alpha: z.literal(1).default(1).describe("Factor of the negative side; TensorFlow.js computes it for 1 only."),
  },
  build: ({ alpha }) => tf.layers.elu({ alpha }),
});
