import { z } from "zod";
import { tf } from "../../runtime/tf";
import { elementwise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { constraint, initializer, regularizer } from "./shared-options";
import { withoutUndefined } from "./without-undefined";

export const prelu = defineLayer({
  type: "prelu",
  description: "x where it is positive, else alpha x with alpha learned for each place.",
  shape: "[batch, ...] -> the same",
  options: {
    alphaInitializer: initializer("zeros", "slope alpha"),
    alphaRegularizer: regularizer("slope alpha"),
    alphaConstraint: constraint("slope alpha"),
    sharedAxes: z
      .array(z.int().positive())
      .min(1)
      .optional()
      .describe(
        "Axes (from 1, after the batch) along which one alpha is shared: [1, 2] gives one to each channel of an image.",
      ),
  },
  check: ({ sharedAxes = [] }, [input = []]) => {
    const wrong = sharedAxes.find((axis) => axis >= input.length);
    if (wrong !== undefined) return `sharedAxes names axis ${wrong}, the last axis of the input is ${input.length - 1}`;
    const isOpen = input.some((size, axis) => axis > 0 && size === null && !sharedAxes.includes(axis));
    return isOpen ? "prelu needs an input of fixed size, or sharedAxes for the axes of open size" : undefined;
  },
  cost: (_options, { output }) => [
    elementwise({
      numbers: sizeOf(output),
      forward: { flops: 4, moves: 8, launches: 5 },
      backward: { flops: 5, moves: 10, launches: 6 },
      kept: 2,
      weights: sizeOf(output),
    }),
  ],
  build: (options, context) =>
    tf.layers.prelu(
      withoutUndefined({
        alphaInitializer: context.initializer(options.alphaInitializer, "alpha"),
        alphaRegularizer: context.regularizer(options.alphaRegularizer),
        alphaConstraint: context.constraint(options.alphaConstraint),
        sharedAxes: options.sharedAxes,
      }),
    ),
});
