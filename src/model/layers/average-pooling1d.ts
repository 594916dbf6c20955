import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling, product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { equipAveragePooling } from "./equip-average-pooling";
import { one, padding } from "./shared-options";
import { windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const averagePooling1d = defineLayer({
  type: "averagePooling1d",
  description:
    "The mean of each window over the steps of a sequence, channel by channel. Zeros of 'same' padding are left out of the mean.",
  shape: "[batch, steps, channels] -> [batch, newSteps, channels]",
  options: {
    poolSize: one.default(2).describe("Steps in the window."),
    strides: one.optional().describe("Steps of the window; as large as the window by default."),
    padding,
  },
  inputRank: 3,
  check: (options, [input = []]) => windowProblem("a window", { ...options, size: options.poolSize }, input),
  cost: ({ poolSize }, { inputs: [input = []], output }) => [
    pooling({ input: sizeOf(input), output: sizeOf(output), window: product(poolSize, 1) }),
  ],
  build: (options) => tf.layers.averagePooling1d(withoutUndefined(options)),
  equip: equipAveragePooling,
});
