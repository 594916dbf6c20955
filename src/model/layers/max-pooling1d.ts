import { tf } from "../../runtime/tf";
import { sizeOf } from "../costs/operation";
import { pooling, product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { one, padding } from "./shared-options";
import { windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const maxPooling1d = defineLayer({
  type: "maxPooling1d",
  description: "The greatest number of each window over the steps of a sequence, channel by channel.",
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
  build: (options) => tf.layers.maxPooling1d(withoutUndefined(options)),
});
