import { tf } from "../../runtime/tf";
import { convolutionCost } from "./convolution-cost";
import { imageDilation, imageWindows } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { type Convolution, convolveDilated, finishConvolution, isDilated } from "./dilated-convolution";
import { kernelOptions } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { kernelArguments } from "./weight-arguments";
import { strideAndDilationProblem, windowProblem } from "./window-problem";

export const conv2d = defineLayer({
  type: "conv2d",
  description: "Convolution over images.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, filters]",
  options: {
    ...imageWindows,
    dilationRate: imageDilation,
    ...kernelOptions,
  },
  inputRank: 4,
  check: (options, [input = []]) =>
    strideAndDilationProblem(options.strides, options.dilationRate) ??
    windowProblem("a window", { ...options, size: options.kernelSize, dilation: options.dilationRate }, input),
  cost: convolutionCost(2),
  build: ({ filters, kernelSize, strides, padding, dataFormat, dilationRate, ...options }, context) =>
    tf.layers.conv2d({
      ...{ filters, kernelSize, strides, padding, dataFormat, dilationRate },
      ...kernelArguments(options, context),
    }),
  equip: (layer) => {
    const convolution = layer as Convolution;
    if (!isDilated(convolution)) return;
    layer.call = (inputs) =>
      tf.tidy(() => {
        const input = tensorOf(inputs) as tf.Tensor4D;
        const x = convolution.dataFormat === "channelsFirst" ? tf.transpose(input, [0, 2, 3, 1]) : input;
        const kernel = convolution.kernel?.read() as tf.Tensor4D;
        const y = convolveDilated(x, convolution, (blocks) => tf.conv2d(blocks, kernel, 1, "valid"));
        return finishConvolution(convolution, y);
      });
  },
});
