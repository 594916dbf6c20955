import { blockCost, blockOptions, blockProblem, buildBlock } from "./block-options";
import { defineLayer } from "./define-layer";
import { equipAttention } from "./equip-attention";

export const decoderBlock = defineLayer({
  type: "decoderBlock",
  description:
    "A Transformer's decoder block: attention to the step itself and those before it, then, with a second input, attention to that one's steps, then two dense layers. Vaswani et al., 2017.",
  shape: "[batch, steps, features], or two of them -> the first one's",
  options: blockOptions,
  inputs: "oneOrTwo",
  inputRank: 3,
  check: blockProblem,
  cost: (options, { inputs }) => blockCost(options, inputs, true),
  build: (options, context) => buildBlock("DlctlDecoderBlock", options, context),
  equip: equipAttention,
});
