import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling } from "../costs/windows";
import { defineLayer } from "./define-layer";

export const globalMaxPooling1d = defineLayer({
  type: "globalMaxPooling1d",
  description: "The greatest number over all steps of a sequence, channel by channel.",
  shape: "[batch, steps, channels] -> [batch, channels]",
  options: {},
  inputRank: 3,
  cost: (_options, { inputs: [input = []], output }) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: sizeOf(input) / sizeOf(output) }),
  ],
  build: () => tf.layers.globalMaxPooling1d({}),
});
