import type { tf } from "../../runtime/tf";
import type { BaseLayerClass } from "./base-layer";

/**
 * Its input, with its mask kept where attention finds it: TensorFlow.js's executor hands over the mask of a layer's first input only, and
 * the base class leaves that of an output with it.
 */
export function defineCarryMask(Base: BaseLayerClass) {
  return class DlctlCarryMask extends Base {
    static className = "DlctlCarryMask";

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      return inputShape as tf.Shape;
    }

    override compute([input]: tf.Tensor[]): tf.Tensor {
      return (input as tf.Tensor).clone();
    }
  };
}
