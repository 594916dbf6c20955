import { z } from "zod";
import type { Shape } from "../../shared/shape";
import { biasOptions, constraint, initializer, regularizer } from "./shared-options";

export const heads = z.int().positive().describe("Number of attention heads.");

export const attentionDropout = z
  .number()
  .min(0)
  .lt(1)
  .default(0)
  .describe("Share of the attention weights that is dropped in training.");

export const rotary = z
  .boolean()
  .default(false)
  .describe("Rotary positions: queries and keys are turned by their position, so that only distances count.");

export const epsilon = (standard: number) =>
  z.number().positive().default(standard).describe("Added to the variance (layer) or mean square (rms).");

/** Options of the kernels and biases of a layer that has several of them. */
export const weightOptions = {
  kernelInitializer: initializer("glorotUniform", "kernels"),
  kernelRegularizer: regularizer("kernels"),
  kernelConstraint: constraint("kernels"),
  ...biasOptions,
};

interface HeadOptions {
  readonly heads: number;
  readonly keyDimension?: number | undefined;
  readonly rotary: boolean;
}

/** Width of a head's keys: as given, else the input's width over the number of heads. */
export function keyDimensionOf({ heads, keyDimension }: HeadOptions, [input = []]: readonly Shape[]): number {
  return keyDimension ?? (input.at(-1) as number) / heads;
}

/** What is wrong with heads and sequences, as a sentence. */
export function headProblem(options: HeadOptions, inputs: readonly Shape[]): string | undefined {
  const widths = inputs.map((input) => input.at(-1));
  if (widths.some((width) => typeof width !== "number")) return "attention needs an input of fixed width";
  const dimension = keyDimensionOf(options, inputs);
  if (!Number.isInteger(dimension)) {
    return `${options.heads} heads do not divide the input's width ${widths[0]}: choose another number, or state keyDimension`;
  }
  return options.rotary && dimension % 2 === 1
    ? `rotary positions need an even keyDimension; it is ${dimension}`
    : undefined;
}
