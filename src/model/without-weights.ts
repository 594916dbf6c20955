import { tf } from "../runtime/tf";

type AddWeight = (
  name: string,
  shape: tf.Shape,
  dtype?: tf.DataType,
  initializer?: unknown,
  regularizer?: unknown,
  trainable?: boolean,
) => tf.LayerVariable;

/**
 * Runs `build`, in which every weight that a layer adds has its shape but holds one number: parameters and shapes of a model that is
 * larger than the machine can be told. Such a model computes nothing; the caller disposes it. Synchronous, as the layers' class is changed
 * meanwhile.
 */
export function withoutWeights<T>(build: () => T): T {
  const layers = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const own = layers.addWeight;
  layers.addWeight = function (name, shape, dtype, _initializer, _regularizer, trainable) {
    const weight = own.call(this, name, [], dtype, tf.initializers.zeros(), undefined, trainable);
    return Object.assign(weight, { shape });
  };
  try {
    return build();
  } finally {
    layers.addWeight = own;
  }
}
