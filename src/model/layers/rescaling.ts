import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";

export const rescaling = defineLayer({
  type: "rescaling",
  description: "scale x + offset.",
  shape: "[batch, ...] -> the same",
  options: {
    scale: z.number().describe("Factor."),
    offset: z.number().default(0).describe("What is added."),
  },
  build: ({ scale, offset }) => tf.layers.rescaling({ scale, offset }),
});
