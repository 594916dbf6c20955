import { z } from "zod";
import { tf } from "../../runtime/tf";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

export const repeatVector = defineLayer({
  type: "repeatVector",
  description: "A sequence that is its input at each step.",
  shape: "[batch, features] -> [batch, n, features]",
  options: { n: z.int().positive().describe("Number of steps.") },
  inputRank: 2,
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ n }) => tf.layers.repeatVector({ n }),
});
