import { z } from "zod";
import { attention } from "../costs/attention";
import { customLayers } from "../custom-layers/custom-layers";
import { attentionDropout, headProblem, heads, keyDimensionOf, rotary, weightOptions } from "./attention-options";
import { customArguments } from "./custom-arguments";
import { seedWeights } from "./custom-weights";
import { defineLayer } from "./define-layer";
import { equipAttention } from "./equip-attention";

export const multiHeadAttention = defineLayer({
  type: "multiHeadAttention",
  description:
    "Attention, softmax(Q K^T / sqrt(keyDimension)) V in several heads: of a sequence to itself, or of the first of two inputs to the steps of the second. Masked steps (padding) get no share. Vaswani et al., 2017.",
  shape: "[batch, steps, features], or two of them -> [batch, steps, features]",
  options: {
    heads,
    keyDimension: z
      .int()
      .positive()
      .optional()
      .describe("Width of each head's queries and keys; the input's width over heads by default."),
    valueDimension: z.int().positive().optional().describe("Width of each head's values; keyDimension by default."),
    outputShape: z.int().positive().optional().describe("Width of the output; that of the (first) input by default."),
    causal: z.boolean().default(false).describe("A step sees itself and those before it only."),
    rotary,
    dropout: attentionDropout,
    ...weightOptions,
  },
  inputs: "oneOrTwo",
  inputRank: 3,
  check: (options, inputs) => {
    if (inputs.length === 2 && (options.causal || options.rotary)) {
      return `${options.causal ? "causal" : "rotary"} goes with attention of one input to itself; these are two inputs`;
    }
    return headProblem(options, inputs);
  },
  cost: (options, { inputs: [input = [], memory = input], output }) => {
    const keyDimension = keyDimensionOf(options, [[null, ...input]]);
    return attention({
      ...options,
      queries: [input[0] ?? 1, input[1] ?? 1],
      memory: [memory[0] ?? 1, memory[1] ?? 1],
      isSelf: memory === input,
      keyDimension,
      valueDimension: options.valueDimension ?? keyDimension,
      outputWidth: output.at(-1) ?? 1,
      isCausal: options.causal,
    });
  },
  build: ({ heads, causal, rotary, dropout, valueDimension, outputShape, ...options }, context) => {
    const keyDimension = keyDimensionOf({ heads, rotary, keyDimension: options.keyDimension }, context.inputShapes);
    const layer = new (customLayers().DlctlMultiHeadAttention)({
      ...{ heads, keyDimension, isCausal: causal, rotary, dropout, outputShape },
      valueDimension: valueDimension ?? keyDimension,
      ...customArguments(options, context),
    });
    return seedWeights(layer, options, context);
  },
  equip: equipAttention,
});
