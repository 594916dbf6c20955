import { tf } from "../../runtime/tf";

/** tfjs's convolution layers, as far as their dilation is supplied here; the fields are private in its types. */
interface ConvolutionFields {
  readonly kernelSize: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: "valid" | "same";
  readonly dataFormat: "channelsLast" | "channelsFirst";
  readonly kernel: tf.LayerVariable | null;
  readonly depthwiseKernel: tf.LayerVariable | null;
  readonly pointwiseKernel: tf.LayerVariable | null;
  readonly bias: tf.LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
}

export type Convolution = tf.layers.Layer & ConvolutionFields;

export const isDilated = ({ dilationRate }: Convolution) => dilationRate.some((rate) => rate > 1);

/**
 * A convolution with stride 1 and dilation over the two middle axes of `x` ([batch, height, width, channels]), from one without:
 * pixels that are a dilation apart become neighbours in a batch of smaller images (Yu and Koltun, 2016; TensorFlow's
 * SpaceToBatchND). All of its parts have gradients, which tfjs's dilated convolution has not.
 */
export function convolveDilated(
  x: tf.Tensor4D,
  { kernelSize, dilationRate, padding }: Pick<ConvolutionFields, "kernelSize" | "dilationRate" | "padding">,
  convolve: (blocks: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const axes = kernelSize.map((size, axis) => {
    const dilation = dilationRate[axis] as number;
    const zeros = padding === "same" ? (size - 1) * dilation : 0;
    const before = Math.floor(zeros / 2);
    const length = (x.shape[axis + 1] as number) + zeros;
    const rest = (dilation - (length % dilation)) % dilation;
    return { dilation, paddings: [before, zeros - before + rest], crops: [0, rest] };
  });
  const blockShape = axes.map(({ dilation }) => dilation);
  const blocks = tf.spaceToBatchND(
    x,
    blockShape,
    axes.map(({ paddings }) => paddings),
  );
  return tf.batchToSpaceND(
    convolve(blocks),
    blockShape,
    axes.map(({ crops }) => crops),
  );
}

/** Adds the layer's bias and applies its activation to `y`, whose channels are the last axis. */
export function finishConvolution(layer: Convolution, y: tf.Tensor): tf.Tensor {
  const biased = layer.bias ? tf.add(y, layer.bias.read()) : y;
  // The activation comes last, as in tfjs: softmax is over the last axis of the output.
  const isFirst = layer.dataFormat === "channelsFirst" && y.rank === 4;
  return layer.activation.apply(isFirst ? tf.transpose(biased, [0, 3, 1, 2]) : biased);
}
