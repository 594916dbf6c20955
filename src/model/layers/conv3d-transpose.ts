import { tf } from "../../runtime/tf";
import { convolutionCost } from "./convolution-cost";
import { transposed, volumeWindows } from "./convolution-windows";
import { defineLayer } from "./define-layer";
import { kernelOptions } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { kernelArguments } from "./weight-arguments";

export const conv3dTranspose = defineLayer({
  type: "conv3dTranspose",
  description: "The transpose of a convolution over volumes: with strides above 1 it makes them larger.",
  shape: "[batch, depth, height, width, channels] -> [batch, newDepth, newHeight, newWidth, filters]",
  options: {
    ...transposed(volumeWindows, "volume"),
    ...kernelOptions,
  },
  inputRank: 5,
  cost: convolutionCost(3, { isTransposed: true }),
  build: ({ filters, kernelSize, strides, padding, dataFormat, ...options }, context) =>
    tf.layers.conv3dTranspose({
      ...{ filters, kernelSize, strides, padding, dataFormat },
      ...kernelArguments(options, context),
    }),
  equip: (layer) => {
    const fields = layer as tf.layers.Layer & Conv3dTransposeFields;
    layer.call = (inputs) =>
      tf.tidy(() => {
        const isFirst = fields.dataFormat === "channelsFirst";
        const input = tensorOf(inputs);
        const x = isFirst ? tf.transpose(input, [0, 2, 3, 4, 1]) : input;
        const y = tf.add(transposeConvolution(x, fields), fields.bias?.read() ?? 0);
        return fields.activation.apply(isFirst ? tf.transpose(y, [0, 4, 1, 2, 3]) : y);
      });
  },
});

/** Fields of tfjs's layer that are private in its types. */
interface Conv3dTransposeFields {
  readonly strides: [number, number, number];
  readonly padding: "valid" | "same";
  readonly dataFormat: "channelsLast" | "channelsFirst";
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
}

/** tfjs's conv3dTranspose with the gradient that it lacks. `x` is [batch, depth, height, width, channels]. */
function transposeConvolution(x: tf.Tensor, { strides, padding, kernel }: Conv3dTransposeFields): tf.Tensor {
  const weights = kernel.read() as tf.Tensor5D;
  const [batch, ...space] = x.shape as [number, number, number, number, number];
  const sizes = space.slice(0, 3).map((size, axis) => {
    const stride = strides[axis] as number;
    return size * stride + (padding === "valid" ? Math.max((weights.shape[axis] as number) - stride, 0) : 0);
  });
  const outputShape = [batch, ...sizes, weights.shape[3]] as tf.Tensor5D["shape"];
  const transpose = tf.customGrad((...given) => {
    const [x, weights, save] = given as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, weights]);
    return {
      value: tf.conv3dTranspose(x, weights, outputShape, strides, padding),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, weights] = saved as [tf.Tensor5D, tf.Tensor5D];
        // The layer is the transpose of a convolution: its gradient in x is that convolution, the one in the weights is the
        // convolution's with x in the place of the output's gradient.
        const named = { x: dy, dy: x as tf.Tensor };
        const attributes = { strides, pad: padding, filterShape: weights.shape };
        return [
          tf.conv3d(dy as tf.Tensor5D, weights, strides, padding),
          tf.engine().runKernel("Conv3DBackpropFilterV2", named, attributes) as tf.Tensor,
        ];
      },
    };
  });
  return transpose(x, weights);
}
