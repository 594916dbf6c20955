import { z } from "zod";
import { tf } from "../../runtime/tf";
import { activation as activationCost, bias } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { convolution, depthwiseConvolution } from "../costs/products";
import { product } from "../costs/windows";
import { filters, imageDilation, singleStrideWindows } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { type Convolution, convolveDilated, finishConvolution, isDilated } from "./dilated-convolution";
import { activation, biasOptions, constraint, initializer, regularizer } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { biasArguments } from "./weight-arguments";
import { strideAndDilationProblem, windowProblem } from "./window-problem";
import { withoutUndefined } from "./without-undefined";

export const separableConv2d = defineLayer({
  type: "separableConv2d",
  description: "A convolution of each channel by itself, then one of 1 x 1 over all channels.",
  shape: "[batch, height, width, channels] -> [batch, newHeight, newWidth, filters]",
  options: {
    filters,
    ...singleStrideWindows,
    dilationRate: imageDilation,
    depthMultiplier: z.int().positive().default(1).describe("Channels in between for each input channel."),
    activation,
    depthwiseInitializer: initializer("glorotUniform", "kernel over each channel"),
    depthwiseRegularizer: regularizer("kernel over each channel"),
    depthwiseConstraint: constraint("kernel over each channel"),
    pointwiseInitializer: initializer("glorotUniform", "kernel across channels"),
    pointwiseRegularizer: regularizer("kernel across channels"),
    pointwiseConstraint: constraint("kernel across channels"),
    ...biasOptions,
  },
  inputRank: 4,
  check: (options, [input = []]) =>
    strideAndDilationProblem(options.strides, options.dilationRate) ??
    windowProblem("a window", { ...options, size: options.kernelSize, dilation: options.dilationRate }, input),
  cost: (options, { inputs: [input = []], output }) => {
    const { filters, depthMultiplier } = options;
    const channels = (input.at(-1) ?? 1) * depthMultiplier;
    const positions = sizeOf(output) / filters;
    return [
      depthwiseConvolution({ positions, window: product(options.kernelSize, 2), channels, input: sizeOf(input) }),
      convolution({ positions, window: channels, filters, input: positions * channels }),
      ...bias(options.useBias, sizeOf(output), filters),
      ...activationCost(options.activation, sizeOf(output)),
    ];
  },
  build: (given, context) => {
    const { filters, kernelSize, strides, padding, dilationRate, depthMultiplier, activation, ...options } = given;
    const layer = tf.layers.separableConv2d({
      ...{ filters, kernelSize, strides, padding, dilationRate, depthMultiplier, activation },
      ...withoutUndefined({
        depthwiseInitializer: context.initializer(options.depthwiseInitializer, "depthwise_kernel"),
        depthwiseRegularizer: context.regularizer(options.depthwiseRegularizer),
        depthwiseConstraint: context.constraint(options.depthwiseConstraint),
        pointwiseRegularizer: context.regularizer(options.pointwiseRegularizer),
        pointwiseConstraint: context.constraint(options.pointwiseConstraint),
      }),
      ...biasArguments(options, context),
    });
    // tfjs 4.22 takes the depthwise initializer for both kernels.
    return Object.assign(layer, {
      pointwiseInitializer: context.initializer(options.pointwiseInitializer, "pointwise_kernel"),
    });
  },
  equip: (layer) => {
    const convolution = layer as Convolution & { depthMultiplier: number };
    const getConfig = layer.getConfig.bind(layer);
    // tfjs 4.22 forgets it, and then can't load the model's weights.
    layer.getConfig = () => ({ ...getConfig(), depthMultiplier: convolution.depthMultiplier });
    if (!isDilated(convolution)) return;
    layer.call = (inputs) =>
      tf.tidy(() => {
        const depthwise = convolution.depthwiseKernel?.read() as tf.Tensor4D;
        const pointwise = convolution.pointwiseKernel?.read() as tf.Tensor4D;
        const each = convolveDilated(tensorOf(inputs) as tf.Tensor4D, convolution, (blocks) =>
          tf.depthwiseConv2d(blocks, depthwise, 1, "valid"),
        );
        return finishConvolution(convolution, tf.conv2d(each, pointwise, 1, "valid"));
      });
  },
});
