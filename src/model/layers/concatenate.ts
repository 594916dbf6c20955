import { z } from "zod";
import { tf } from "../../runtime/tf";
import { formatShape } from "../../shared/shape";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { axisProblem, positiveAxis } from "./axis";
import { defineLayer } from "./define-layer";

export const concatenate = defineLayer({
  type: "concatenate",
  description: "Puts its inputs one after the other along an axis.",
  shape: "two or more of [batch, ...], equal but for one axis -> [batch, ...], the sum on that axis",
  options: { axis: z.int().default(-1).describe("The axis; -1 is the last one.") },
  inputs: "many",
  check: ({ axis }, inputs) => {
    const shapes = inputs.map(formatShape).join(" and ");
    const [first = []] = inputs;
    if (inputs.some((input) => input.length !== first.length)) {
      return `inputs need the same number of axes; they are ${shapes}`;
    }
    const along = positiveAxis(axis, first.length);
    const isEqual = inputs.every((input) => input.every((size, index) => index === along || size === first[index]));
    return (
      axisProblem(axis, first) ??
      (isEqual ? undefined : `inputs need equal sizes on all axes but ${axis}; they are ${shapes}`)
    );
  },
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: ({ axis }) => tf.layers.concatenate({ axis }) as tf.layers.Layer,
});
