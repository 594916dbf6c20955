import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { dataFormat, kernelOptions, padding, triple } from "./shared-options";
import { kernelArguments } from "./weight-arguments";
import { windowProblem } from "./window-problem";

export const conv3d = defineLayer({
  type: "conv3d",
  description: "Convolution over volumes. Without dilation: TensorFlow has no kernel for it on the CPU.",
  shape: "[batch, depth, height, width, channels] -> [batch, newDepth, newHeight, newWidth, filters]",
  options: {
    filters: z.int().positive().describe("Number of output channels."),
    kernelSize: triple.describe("Depth, height and width of the window."),
    strides: triple.default(1).describe("Steps of the window."),
    padding,
    dataFormat,
    ...kernelOptions,
  },
  inputRank: 5,
  check: (options, [input = []]) => windowProblem("a window", { ...options, size: options.kernelSize }, input),
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv3d({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
