import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling, product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { dataFormat, padding, pair } from "./shared-options";
import { windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const maxPooling2d = defineLayer({
  type: "maxPooling2d",
  description: "The greatest number of each window over images, channel by channel.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, channels]",
  options: {
    poolSize: pair.default(2).describe("Height and width of the window."),
    strides: pair.optional().describe("Steps of the window; as large as the window by default."),
    padding,
    dataFormat,
  },
  inputRank: 4,
  check: (options, [input = []]) => windowProblem("a window", { ...options, size: options.poolSize }, input),
  cost: ({ poolSize }, { inputs: [input = []], output }) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: product(poolSize, 2) }),
  ],
  build: (options) => tf.layers.maxPooling2d(withoutUndefined(options)),
});
