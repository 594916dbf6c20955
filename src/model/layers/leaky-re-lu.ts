import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";

export const leakyReLU = defineLayer({
  type: "leakyReLU",
  description: "x where it is positive, else alpha x.",
  shape: "[batch, ...] -> the same",
  options: { alpha: z.number().nonnegative().default(0.3).describe("Slope of the negative side.") },
  build: ({ alpha }) => tf.layers.leakyReLU({ alpha }),
});
