import { nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { tensorOf } from "./tensor-of";

/** Fields of tfjs's layers that are private in its types. */
interface PoolingFields {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "valid" | "same";
  readonly dataFormat?: "channelsLast" | "channelsFirst";
}

/**
 * Supplies the right gradient of average pooling with "same" padding on the js device, where tfjs 4.22 divides by the whole window
 * also at the rims: there the mean is taken with explicit zeros and divided by the share that is not padding.
 */
export function equipAveragePooling(layer: tf.layers.Layer): void {
  const fields = layer as tf.layers.Layer & PoolingFields;
  if (fields.padding !== "same") return;
  const standard = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    if (nativeBackend()) return standard(inputs, kwargs);
    return tf.tidy(() => {
      const input = tensorOf(inputs);
      const rank = input.rank;
      const isFirst = fields.dataFormat === "channelsFirst";
      const channelsLast = [0, ...axesFrom(2, rank), 1];
      const channelsFirst = [0, rank - 1, ...axesFrom(1, rank - 1)];
      const x = isFirst ? tf.transpose(input, channelsLast) : input;
      const y = tf.div(meanWithZeros(x, fields), meanWithZeros(tf.onesLike(x), fields));
      return isFirst ? tf.transpose(y, channelsFirst) : y;
    });
  };
}

const axesFrom = (start: number, end: number) => Array.from({ length: end - start }, (_, index) => start + index);

function meanWithZeros(x: tf.Tensor, { poolSize, strides }: PoolingFields): tf.Tensor {
  const rims = poolSize.map((size, axis): [number, number] => {
    const length = x.shape[axis + 1] as number;
    const stride = strides[axis] as number;
    const zeros = Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
    return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
  });
  const padded = tf.pad(x, [[0, 0], ...rims, [0, 0]]);
  if (poolSize.length === 3) {
    type Triple = [number, number, number];
    return tf.avgPool3d(padded as tf.Tensor5D, poolSize as Triple, strides as Triple, "valid");
  }
  if (poolSize.length === 2) {
    type Pair = [number, number];
    return tf.avgPool(padded as tf.Tensor4D, poolSize as Pair, strides as Pair, "valid");
  }
  const image = tf.expandDims(padded, 2) as tf.Tensor4D;
  return tf.squeeze(tf.avgPool(image, [poolSize[0] as number, 1], [strides[0] as number, 1], "valid"), [2]);
}
