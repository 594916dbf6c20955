import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling } from "../costs/windows";
import { customLayers } from "../custom-layers/custom-layers";
import { defineLayer } from "./define-layer";

export const globalAveragePooling1d = defineLayer({
  type: "globalAveragePooling1d",
  description: "The mean over all steps of a sequence, channel by channel; padding does not count where it is masked.",
  shape: "[batch, steps, channels] -> [batch, channels]",
  options: {},
  inputRank: 3,
  cost: (_options, { inputs: [input = []], output }) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: sizeOf(input) / sizeOf(output) }),
  ],
  build: (_options, { isMasked }) =>
    isMasked ? new (customLayers().DlctlGlobalAveragePooling1D)({}) : tf.layers.globalAveragePooling1d({}),
});
