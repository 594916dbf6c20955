import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { withoutUndefined } from "./without-undefined";

export const reLU = defineLayer({
  type: "reLU",
  description: "max(0, x), at most maxValue.",
  shape: "[batch, ...] -> the same",
  options: { maxValue: z.number().positive().optional().describe("The greatest output; without it there is none.") },
  cost: (_options, { output }) => activation("relu", sizeOf(output)),
  build: (options) => tf.layers.reLU(withoutUndefined(options)),
});
