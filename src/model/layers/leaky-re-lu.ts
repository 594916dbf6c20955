import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

export const leakyReLU = defineLayer({
  type: "leakyReLU",
  description: "x where it is positive, else alpha x.",
  shape: "[batch, ...] -> the same",
  options: { alpha: z.number().nonnegative().default(0.3).describe("Slope of the negative side.") },
  cost: (_options, { output }) => activation("relu", sizeOf(output)),
  build: ({ alpha }) => tf.layers.leakyReLU({ alpha }),
});
