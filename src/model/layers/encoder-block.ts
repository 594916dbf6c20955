import { blockCost, blockOptions, blockProblem, buildBlock } from "./block-options";
import { defineLayer } from "./define-layer";
import { equipAttention } from "./equip-attention";

export const encoderBlock = defineLayer({
  type: "encoderBlock",
  description:
    "A Transformer's encoder block: attention to all steps that are not masked, then two dense layers on each step, each added to what it takes. Vaswani et al., 2017.",
  shape: "[batch, steps, features] -> the same",
  options: blockOptions,
  inputRank: 3,
  check: blockProblem,
  cost: (options, { inputs }) => blockCost(options, inputs, false),
  build: (options, context) => buildBlock("DlctlEncoderBlock", options, context),
  equip: equipAttention,
});
