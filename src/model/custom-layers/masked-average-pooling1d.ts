import type { tf } from "../../runtime/tf";
import type { BaseLayerClass } from "./base-layer";
import { type GivenMask, maskOf } from "./masks";
import type { CallArguments, Tf } from "./tensorflow";

/** The mean over the steps that are not masked; 0 where all are. TensorFlow.js's own layer counts padding. */
export function defineMaskedAveragePooling1d(tf: Tf, Base: BaseLayerClass) {
  return class DlctlGlobalAveragePooling1D extends Base {
    static className = "DlctlGlobalAveragePooling1D";

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const [batch, , channels] = inputShape as tf.Shape;
      return [batch ?? null, channels ?? null];
    }

    override compute([input]: tf.Tensor[], { mask }: CallArguments): tf.Tensor {
      const x = input as tf.Tensor;
      const steps = maskOf(tf, x, mask as GivenMask);
      if (!steps) return tf.mean(x, 1);
      const [batch = 0, time = 0] = x.shape;
      const counted = tf.reshape(tf.cast(steps, "float32"), [batch, time, 1]);
      return tf.div(tf.sum(tf.mul(x, counted), 1), tf.maximum(tf.sum(counted, 1), 1));
    }

    override maskOfOutput(): undefined {
      return undefined;
    }
  };
}
