import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation, bias } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { convolution } from "../costs/products";
import { product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { dataFormat, kernelOptions, padding, pair } from "./shared-options";
import { kernelArguments } from "./weight-arguments";

export const conv2dTranspose = defineLayer({
  type: "conv2dTranspose",
  description: "The transpose of a convolution over images: with strides above 1 it makes them larger.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, filters]",
  options: {
    filters: z.int().positive().describe("Number of output channels."),
    kernelSize: pair.describe("Height and width of the window."),
    strides: pair.default(1).describe("Factors by which the image grows."),
    padding: padding.describe(
      '"same": the new size is the old one times the strides; "valid": the windows\' rims are added.',
    ),
    dataFormat,
    ...kernelOptions,
  },
  inputRank: 4,
  cost: (options, { inputs: [input = []], output }) => {
    const { filters, kernelSize } = options;
    const channels = (options.dataFormat === "channelsFirst" ? input[0] : input.at(-1)) ?? 1;
    return [
      convolution({
        positions: sizeOf(input) / channels,
        window: product(kernelSize, 2) * channels,
        filters,
        input: sizeOf(input),
        output: sizeOf(output),
      }),
      ...bias(options.useBias, sizeOf(output), filters),
      ...activation(options.activation, sizeOf(output)),
    ];
  },
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv2dTranspose({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
