import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation, bias } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { convolution } from "../costs/products";
import { product } from "../costs/windows";
import { defineLayer } from "./define-layer";
import { type Convolution, convolveDilated, finishConvolution, isDilated } from "./dilated-convolution";
import { dataFormat, kernelOptions, padding, pair } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { kernelArguments } from "./weight-arguments";
import { strideAndDilationProblem, windowProblem } from "./window-problem";

export const conv2d = defineLayer({
  type: "conv2d",
  description: "Convolution over images.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, filters]",
  options: {
    filters: z.int().positive().describe("Number of output channels."),
    kernelSize: pair.describe("Height and width of the window."),
    strides: pair.default(1).describe("Steps of the window."),
    padding,
    dataFormat,
    dilationRate: pair.default(1).describe("Distance of the window's pixels; above 1 only with strides of 1."),
    ...kernelOptions,
  },
  inputRank: 4,
  check: (options, [input = []]) =>
    strideAndDilationProblem(options.strides, options.dilationRate) ??
    windowProblem("a window", { ...options, size: options.kernelSize, dilation: options.dilationRate }, input),
  cost: (options, { inputs: [input = []], output }) => {
    const { filters, kernelSize } = options;
    const channels = (options.dataFormat === "channelsFirst" ? input[0] : input.at(-1)) ?? 1;
    return [
      convolution({
        positions: sizeOf(output) / filters,
        window: product(kernelSize, 2) * channels,
        filters,
        input: sizeOf(input),
      }),
      ...bias(options.useBias, sizeOf(output), filters),
      ...activation(options.activation, sizeOf(output)),
    ];
  },
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
