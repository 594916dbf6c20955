import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling, product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { equipAveragePooling } from "./equip-average-pooling";
import { dataFormat, padding, pair } from "./shared-options";
import { windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const averagePooling2d = defineLayer({
  type: "averagePooling2d",
  description:
    "The mean of each window over images, channel by channel. Zeros of 'same' padding are left out of the mean.",
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
  build: (options) => tf.layers.averagePooling2d(withoutUndefined(options)),
  equip: equipAveragePooling,
});
