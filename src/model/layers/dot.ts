import { z } from "zod";
import { tf } from "../../runtime/tf";
import { formatShape } from "../../shared/shape";
import { sizeOf } from "../costs/operation";
import { activationProduct } from "../costs/products";
import { defineLayer } from "./define-layer";

const axis = z.int().min(1).max(2);

export const dot = defineLayer({
  type: "dot",
  description: "The products of two inputs, summed along one axis of each.",
  shape: "two of [batch, a] or [batch, a, b] -> [batch, what is left of both]",
  options: {
    axes: z
      .union([axis, z.tuple([axis, axis])])
      .describe("The axis that is summed over, or one for each input; 1 is the first after the batch."),
    normalize: z
      .boolean()
      .default(false)
      .describe("Scales both to length 1 along it first, so that the result is their cosine."),
  },
  inputs: "many",
  inputRank: [2, 3],
  check: ({ axes }, inputs) => {
    if (inputs.length !== 2) return `dot takes two inputs, these are ${inputs.length}`;
    const sizes = inputs.map((input, index) => input[typeof axes === "number" ? axes : (axes[index] as number)]);
    if (sizes[0] === sizes[1] && sizes[0] !== undefined) return undefined;
    return `the axes ${[axes].flat().join(" and ")} of ${inputs.map(formatShape).join(" and ")} don't have one size`;
  },
  cost: ({ axes }, { inputs: [left = []], output }) => {
    const summed = left[([axes].flat()[0] as number) - 1] ?? 1;
    return [activationProduct({ rows: sizeOf(output), inner: summed, columns: 1 })];
  },
  build: ({ axes, normalize }) => tf.layers.dot({ axes, normalize }) as tf.layers.Layer,
});
