import { z } from "zod";
import { tf } from "../../runtime/tf";
import { customLayers } from "../custom-layers/custom-layers";
import { convolutionCost } from "./convolution-cost";
import { filters } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { type Convolution, convolveDilated, finishConvolution, isDilated } from "./dilated-convolution";
import { kernelOptions, one } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { kernelArguments } from "./weight-arguments";
import { strideAndDilationProblem, windowProblem } from "./window-problem";

export const conv1d = defineLayer({
  type: "conv1d",
  description: "Convolution over the steps of a sequence.",
  shape: "[batch, steps, channels] -> [batch, newSteps, filters]",
  options: {
    filters,
    kernelSize: one.describe("Steps in the window."),
    strides: one.default(1).describe("Step of the window."),
    padding: z
      .enum(["valid", "same", "causal"])
      .default("valid")
      .describe(
        '"valid": windows lie inside the input; "same": zeros around it keep its size (over the strides); "causal": zeros before it do, so that no output sees a later step.',
      ),
    dilationRate: one.default(1).describe("Distance of the window's steps; above 1 only with strides of 1."),
    ...kernelOptions,
  },
  inputRank: 3,
  check: (options, [input = []]) =>
    strideAndDilationProblem(options.strides, options.dilationRate) ??
    windowProblem(
      "a window",
      {
        ...options,
        padding: options.padding === "causal" ? "same" : options.padding,
        size: options.kernelSize,
        dilation: options.dilationRate,
      },
      input,
    ),
  cost: convolutionCost(1),
  build: ({ filters, kernelSize, strides, padding, dilationRate, ...options }, context) => {
    const given = { filters, kernelSize, strides, dilationRate, ...kernelArguments(options, context) };
    return padding === "causal" ? new (customLayers().DlctlConv1D)(given) : tf.layers.conv1d({ ...given, padding });
  },
  equip: (layer) => {
    const convolution = layer as Conv1D;
    layer.call = (inputs) =>
      tf.tidy(() => {
        const given = tensorOf(inputs);
        const image = tf.expandDims(convolution.lengthen?.(given) ?? given, 1) as tf.Tensor4D;
        const kernel = tf.expandDims(convolution.kernel?.read() as tf.Tensor, 0) as tf.Tensor4D;
        const convolve = isDilated(convolution) ? convolveApart : convolveInOne;
        return tf.squeeze(convolve(convolution, image, kernel), [1]);
      });
  },
});

type Conv1D = Convolution & { readonly strides: readonly number[]; lengthen?(x: tf.Tensor): tf.Tensor };

/** Bias and activation while it is an image still: what the engine makes one operation of. */
function convolveInOne({ strides, padding, bias, activation }: Conv1D, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor {
  const window = { strides: [1, strides[0] as number] as [number, number], pad: padding };
  return activation.apply(
    bias ? tf.fused.conv2d({ x, filter, ...window, bias: bias.read() }) : tf.conv2d(x, filter, window.strides, padding),
  );
}

function convolveApart(convolution: Conv1D, image: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor {
  const window = {
    kernelSize: [1, ...convolution.kernelSize],
    dilationRate: [1, ...convolution.dilationRate],
    padding: convolution.padding,
  };
  const y = convolveDilated(image, window, (blocks) => tf.conv2d(blocks, kernel, 1, "valid"));
  return finishConvolution(convolution, y);
}
