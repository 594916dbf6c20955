import { z } from "zod";
import { tf } from "../../runtime/tf";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";

const isPermutation = (dims: readonly number[]) =>
  [...dims].sort((a, b) => a - b).every((dim, index) => dim === index + 1);

export const permute = defineLayer({
  type: "permute",
  description: "Puts the axes in another order.",
  shape: "[batch, a, b, ...] -> [batch, axes in the order of dims]",
  options: {
    dims: z
      .array(z.int().positive())
      .min(1)
      .refine(isPermutation, "names each axis from 1 (the first after the batch) once")
      .describe("The old axes in their new order, from 1, the first after the batch: [2, 1] swaps two."),
  },
  check: ({ dims }, [input = []]) =>
    dims.length === input.length - 1
      ? undefined
      : `dims orders ${dims.length} axes, the input has ${input.length - 1} after the batch`,
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ dims }) => tf.layers.permute({ dims: [...dims] }),
});
