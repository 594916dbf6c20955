import { z } from "zod";
import { tf } from "../../runtime/tf";
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
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv2dTranspose({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
