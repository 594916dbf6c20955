import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { dataFormat, kernelOptions, padding, triple } from "./shared-options";
import { kernelArguments } from "./weight-arguments";

export const conv3dTranspose = defineLayer({
  type: "conv3dTranspose",
  description: "The transpose of a convolution over volumes: with strides above 1 it makes them larger.",
  shape: "[batch, depth, height, width, channels] -> [batch, newDepth, newHeight, newWidth, filters]",
  options: {
    filters: z.int().positive().describe("Number of output channels."),
    kernelSize: triple.describe("Depth, height and width of the window."),
    strides: triple.default(1).describe("Factors by which the volume grows."),
    padding: padding.describe(
      '"same": the new size is the old one times the strides; "valid": the windows\' rims are added.',
    ),
    dataFormat,
    ...kernelOptions,
  },
  inputRank: 5,
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv3dTranspose({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
