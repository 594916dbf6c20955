import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { dataFormat } from "./shared-options";

export const globalMaxPooling2d = defineLayer({
  type: "globalMaxPooling2d",
  description: "The greatest number over all pixels of an image, channel by channel.",
  shape: "[batch, height, width, channels] -> [batch, channels]",
  options: { dataFormat },
  inputRank: 4,
  cost: (_options, { inputs: [input = []], output }) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: sizeOf(input) / sizeOf(output) }),
  ],
  build: ({ dataFormat }) => tf.layers.globalMaxPooling2d({ dataFormat }),
});
