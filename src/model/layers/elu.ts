import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

export const elu = defineLayer({
  type: "elu",
  description: "x where it is positive, else exp(x) - 1.",
  shape: "[batch, ...] -> the same",
  options: {
    alpha: z.literal(1).default(1).describe("Factor of the negative side; TensorFlow.js computes it for 1 only."),
  },
  cost: (_options, { output }) => activation("elu", sizeOf(output)),
  build: ({ alpha }) => tf.layers.elu({ alpha }),
});
