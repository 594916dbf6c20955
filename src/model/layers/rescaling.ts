import { z } from "zod";
import { tf } from "../../runtime/tf";
import { combination } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

export const rescaling = defineLayer({
  type: "rescaling",
  description: "scale x + offset.",
  shape: "[batch, ...] -> the same",
  options: {
    scale: z.number().describe("Factor."),
    offset: z.number().default(0).describe("What is added."),
  },
  cost: (_options, { output }) => [combination(sizeOf(output), 3)],
  build: ({ scale, offset }) => tf.layers.rescaling({ scale, offset }),
});
