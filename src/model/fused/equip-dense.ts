import { nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { tensorOf } from "../layers/tensor-of";
import { fusedDense } from "./fused-dense";

/** Fields of tfjs's layer that are private in its types. */
interface DenseFields {
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor } | null;
}

/** Inputs and units that tile registers are worth it for; a larger kernel is better read only once, as TensorFlow does. */
const fewestNumbers = 16;
const mostInputs = 16384;

/** Lets a dense layer's products, forward and backward, be computed in tile registers where there are any. */
export function equipDense(layer: tf.layers.Layer): void {
  const { call } = layer;
  const fields = layer as unknown as DenseFields;
  layer.call = (inputs, options) => {
    const native = nativeBackend();
    const x = tensorOf(inputs);
    if (!native?.hasTiles || !isWorthTiles(x, fields.kernel.shape)) return call.call(layer, inputs, options);
    return tf.tidy(() => {
      const [width = 0, units = 0] = fields.kernel.shape as number[];
      const rows = tf.reshape(x, [-1, width]);
      const sums = fusedDense(native, rows, fields.kernel.read(), fields.bias?.read());
      const shaped = tf.reshape(sums, [...x.shape.slice(0, -1), units]);
      return fields.activation?.apply(shaped) ?? shaped;
    });
  };
}

function isWorthTiles(x: tf.Tensor, [width, units]: readonly (number | null)[]): boolean {
  if (x.dtype !== "float32" || !width || !units) return false;
  return Math.min(width, units) >= fewestNumbers && width <= mostInputs;
}
