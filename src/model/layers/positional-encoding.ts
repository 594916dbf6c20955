import { z } from "zod";
import { elementwise } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { customLayers } from "../custom-layers/custom-layers";
import { seedWeights } from "./custom-weights";
import { defineLayer } from "./define-layer";
import { constraint, initializer, regularizer } from "./shared-options";
import { withoutUndefined } from "./without-undefined";

const weight = "vectors of the positions";

export const positionalEncoding = defineLayer({
  type: "positionalEncoding",
  description:
    "Adds to each step a vector that says where it is: sines and cosines, or learned ones. Masked steps (padding) are not counted. Vaswani et al., 2017.",
  shape: "[batch, steps, features] -> the same",
  options: {
    kind: z.enum(["sinusoidal", "learned"]).default("sinusoidal").describe("What the vectors are."),
    maxLength: z
      .int()
      .positive()
      .optional()
      .describe("Steps of the longest sequence; the length of the input by default, which learned vectors need."),
    scaleInput: z
      .boolean()
      .default(false)
      .describe("Multiplies the input by sqrt(features) first, as the paper does with its embeddings."),
    embeddingsInitializer: initializer("glorotUniform", weight),
    embeddingsRegularizer: regularizer(weight),
    embeddingsConstraint: constraint(weight),
  },
  inputRank: 3,
  check: ({ maxLength, kind }, [input = []]) => {
    const [, time, width] = input;
    if (typeof width !== "number") return "positionalEncoding needs an input of fixed width";
    if (typeof time === "number" && maxLength !== undefined && maxLength < time) {
      return `maxLength ${maxLength} is less than the ${time} steps of the input`;
    }
    return time === null && maxLength === undefined && kind === "learned"
      ? "the input has no fixed length: learned positions need maxLength"
      : undefined;
  },
  cost: ({ kind }, { output }) => [
    elementwise({
      numbers: sizeOf(output),
      forward: { flops: 1, moves: 2 },
      backward: { flops: 0, moves: 0, launches: 0 },
      kept: 1,
      weights: kind === "learned" ? sizeOf(output) : 0,
    }),
  ],
  build: ({ kind, maxLength, scaleInput, ...options }, context) => {
    const layer = new (customLayers().DlctlPositionalEncoding)({
      ...{ kind, scaleInput, maxLength: maxLength ?? context.inputShapes[0]?.[1] ?? 2 ** 31 - 1 },
      ...withoutUndefined({
        kernelInitializer: context.initializer(options.embeddingsInitializer, "embeddings"),
        kernelRegularizer: context.regularizer(options.embeddingsRegularizer),
        kernelConstraint: context.constraint(options.embeddingsConstraint),
      }),
    });
    return seedWeights(layer, { kernelInitializer: options.embeddingsInitializer }, context);
  },
});
