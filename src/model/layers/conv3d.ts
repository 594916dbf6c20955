import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation, bias } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { convolution } from "../costs/products";
import { product } from "../costs/windows";
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
  cost: (options, { inputs: [input = []], output }) => {
    const { filters, kernelSize } = options;
    const channels = (options.dataFormat === "channelsFirst" ? input[0] : input.at(-1)) ?? 1;
    return [
      convolution({
        positions: sizeOf(output) / filters,
        window: product(kernelSize, 3) * channels,
        filters,
        input: sizeOf(input),
      }),
      ...bias(options.useBias, sizeOf(output), filters),
      ...activation(options.activation, sizeOf(output)),
    ];
  },
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv3d({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
