import { tf } from "../../runtime/tf";
import { convolutionCost } from "./convolution-cost";
import { volumeWindows } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { kernelOptions } from "./shared-options";
import { kernelArguments } from "./weight-arguments";
import { windowProblem } from "./window-problem";

export const conv3d = defineLayer({
  type: "conv3d",
  description: "Convolution over volumes. Without dilation: TensorFlow has no kernel for it on the CPU.",
  shape: "[batch, depth, height, width, channels] -> [batch, newDepth, newHeight, newWidth, filters]",
  options: {
    ...volumeWindows,
    ...kernelOptions,
  },
  inputRank: 5,
  check: (options, [input = []]) => windowProblem("a window", { ...options, size: options.kernelSize }, input),
  cost: convolutionCost(3),
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv3d({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
