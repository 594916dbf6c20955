import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling, product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { equipAveragePooling } from "./equip-average-pooling";
import { dataFormat, padding, triple } from "./shared-options";
import { windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const averagePooling3d = defineLayer({
  type: "averagePooling3d",
  description:
    "The mean of each window over volumes, channel by channel. Zeros of 'same' padding are left out of the mean.",
  shape: "[batch, depth, height, width, channels] -> [batch, newDepth, newHeight, newWidth, channels]",
  options: {
    poolSize: triple.default(2).describe("Depth, height and width of the window."),
    strides: triple.optional().describe("Steps of the window; as large as the window by default."),
    padding,
    dataFormat,
  },
  inputRank: 5,
  check: (options, [input = []]) => windowProblem("a window", { ...options, size: options.poolSize }, input),
  cost: ({ poolSize }, { inputs: [input = []], output }) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: product(poolSize, 3) }),
  ],
  build: (options) => tf.layers.averagePooling3d(withoutUndefined(options)),
  equip: equipAveragePooling,
});
