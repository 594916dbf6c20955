import { z } from "zod";
import { activationSchema } from "../activations";
import { transformerBlock } from "../costs/attention";
import type { Operation } from "../costs/operation";
import { customLayers } from "../custom-layers/custom-layers";
import { epsilon, headProblem, heads, keyDimensionOf, rotary, weightOptions } from "./attention-options";
import { customArguments } from "./custom-arguments";
import { seedWeights } from "./custom-weights";
import type { LayerContext } from "./define-layer";

/** Options of encoder and decoder blocks. */
export const blockOptions = {
  heads,
  keyDimension: z
    .int()
    .positive()
    .optional()
    .describe("Width of each head's queries, keys and values; the input's width over heads by default."),
  feedForward: z
    .int()
    .positive()
    .optional()
    .describe("Units between the two dense layers; four times the input's width by default."),
  activation: activationSchema.default("gelu").describe("What is done between the two dense layers."),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("Share that is dropped in training: of the attention weights, and of what is added to the input."),
  normalization: z
    .enum(["layer", "rms"])
    .default("layer")
    .describe('"layer": mean 0 and variance 1 of each step; "rms": mean square 1.'),
  epsilon: epsilon(1e-5),
  order: z
    .enum(["pre", "post"])
    .default("pre")
    .describe(
      '"pre" normalizes what attention and dense layers take, and trains more easily (put a normalization behind the last block); "post", the paper\'s, normalizes the sums.',
    ),
  rotary,
  ...weightOptions,
};

export type BlockOptions = z.output<z.ZodObject<typeof blockOptions>>;

/** A block of the class with this name. */
export function buildBlock(
  className: "DlctlEncoderBlock" | "DlctlDecoderBlock",
  { keyDimension, feedForward, ...options }: BlockOptions,
  context: LayerContext,
) {
  const width = context.inputShapes[0]?.at(-1) as number;
  const { heads, activation, dropout, normalization, epsilon, order, rotary } = options;
  const layer = new (customLayers()[className])({
    ...{ heads, activation, dropout, normalization, epsilon, order, rotary },
    keyDimension: keyDimensionOf({ heads, rotary, keyDimension }, context.inputShapes),
    feedForward: feedForward ?? 4 * width,
    ...customArguments(options, context),
  });
  return seedWeights(layer, options, context);
}

/** Its operations; `inputs` have no batch axis. */
export function blockCost(
  { keyDimension, feedForward, ...options }: BlockOptions,
  [input = [], memory]: readonly (readonly number[])[],
  isCausal: boolean,
): Operation[] {
  const [steps = 1, width = 1] = input;
  return transformerBlock({
    ...options,
    input: [steps, width],
    memory: memory && [memory[0] ?? 1, memory[1] ?? 1],
    isCausal,
    keyDimension: keyDimensionOf({ ...options, keyDimension }, [[null, ...input]]),
    feedForward: feedForward ?? 4 * width,
  });
}

export { headProblem as blockProblem };
