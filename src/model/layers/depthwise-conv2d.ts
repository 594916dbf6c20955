import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation as activationCost, bias } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { depthwiseConvolution } from "../costs/products";
import { product } from "../costs/windows";
import { singleStrideWindows } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { activation, biasOptions, constraint, dataFormat, initializer, regularizer } from "./shared-options";
import { biasArguments } from "./weight-arguments";
import { windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const depthwiseConv2d = defineLayer({
  type: "depthwiseConv2d",
  description:
    "A convolution over images of each channel by itself. Without dilation, which TensorFlow.js's layer ignores.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, channels * depthMultiplier]",
  options: {
    ...singleStrideWindows,
    dataFormat,
    depthMultiplier: z.int().positive().default(1).describe("Output channels for each input channel."),
    activation,
    depthwiseInitializer: initializer("glorotUniform", "kernel"),
    depthwiseRegularizer: regularizer("kernel"),
    depthwiseConstraint: constraint("kernel"),
    ...biasOptions,
  },
  inputRank: 4,
  check: (options, [input = []]) => windowProblem("a window", { ...options, size: options.kernelSize }, input),
  cost: (options, { inputs: [input = []], output }) => {
    const channels = (options.dataFormat === "channelsFirst" ? output[0] : output.at(-1)) ?? 1;
    return [
      depthwiseConvolution({
        positions: sizeOf(output) / channels,
        window: product(options.kernelSize, 2),
        channels,
        input: sizeOf(input),
      }),
      ...bias(options.useBias, sizeOf(output), channels),
      ...activationCost(options.activation, sizeOf(output)),
    ];
  },
  build: ({ kernelSize, strides, padding, dataFormat, depthMultiplier, activation, ...options }, context) =>
    tf.layers.depthwiseConv2d({
      ...{ kernelSize, strides, padding, dataFormat, depthMultiplier, activation },
      ...withoutUndefined({
        depthwiseInitializer: context.initializer(options.depthwiseInitializer, "depthwise_kernel"),
        depthwiseRegularizer: context.regularizer(options.depthwiseRegularizer),
        depthwiseConstraint: context.constraint(options.depthwiseConstraint),
      }),
      ...biasArguments(options, context),
    }),
  equip: (layer) => {
    // tfjs 4.22 writes the regularizer where the constraint belongs, and then can't read the model any more.
    const { depthwiseConstraint } = layer as tf.layers.Layer & {
      depthwiseConstraint: { getClassName(): string; getConfig(): tf.serialization.ConfigDict } | null;
    };
    const getConfig = layer.getConfig.bind(layer);
    layer.getConfig = () => ({
      ...getConfig(),
      depthwiseConstraint: depthwiseConstraint && {
        className: depthwiseConstraint.getClassName(),
        config: depthwiseConstraint.getConfig(),
      },
    });
  },
});
