import { z } from "zod";
import { activationSchema } from "../activations";
import { constraintSchema } from "../constraints";
import { initializerSchema } from "../initializers";
import { regularizerSchema } from "../regularizers";

const size = z.int().positive();

/** A size for an axis. */
export const one = size;
/** A size for both axes, or one for each. */
export const pair = z.union([size, z.tuple([size, size])]);
/** A size for all three axes, or one for each. */
export const triple = z.union([size, z.tuple([size, size, size])]);

export const padding = z
  .enum(["valid", "same"])
  .default("valid")
  .describe('"valid": windows lie inside the input; "same": zeros around it keep its size (over the strides).');

export const dataFormat = z
  .enum(["channelsLast", "channelsFirst"])
  .default("channelsLast")
  .describe("Whether the channels are the last axis or the first one after the batch.");

export const useBias = z.boolean().default(true).describe("Adds a learned number to each output channel.");

export const activation = activationSchema.default("linear").describe("What is done to the outputs.");

export const initializer = (standard: "glorotUniform" | "zeros" | "ones" | "randomUniform", weight: string) =>
  initializerSchema.prefault(standard).describe(`How the ${weight} starts.`);

export const regularizer = (weight: string) =>
  regularizerSchema.optional().describe(`Penalty on the ${weight} that is added to the loss.`);

export const constraint = (weight: string) =>
  constraintSchema.optional().describe(`What is done to the ${weight} after each update.`);

/** Options of a layer with a bias. */
export const biasOptions = {
  useBias,
  biasInitializer: initializer("zeros", "bias"),
  biasRegularizer: regularizer("bias"),
  biasConstraint: constraint("bias"),
};

/** Options of a layer with a kernel and a bias. */
export const kernelOptions = {
  activation,
  kernelInitializer: initializer("glorotUniform", "kernel"),
  kernelRegularizer: regularizer("kernel"),
  kernelConstraint: constraint("kernel"),
  ...biasOptions,
};
