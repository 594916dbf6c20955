import { tf } from "../../runtime/tf";
import { convolutionCost } from "./convolution-cost";
import { imageWindows, transposed } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { kernelOptions } from "./shared-options";
import { kernelArguments } from "./weight-arguments";

export const conv2dTranspose = defineLayer({
  type: "conv2dTranspose",
  description: "The transpose of a convolution over images: with strides above 1 it makes them larger.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, filters]",
  options: {
    ...transposed(imageWindows, "image"),
    ...kernelOptions,
  },
  inputRank: 4,
  cost: convolutionCost(2, { isTransposed: true }),
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv2dTranspose({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
});
