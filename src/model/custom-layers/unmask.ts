import type { tf } from "../../runtime/tf";
import type { BaseLayerClass } from "./base-layer";
import type { CallArguments } from "./tensorflow";

/**
 * Its input, and no mask. TensorFlow.js hands on the last mask it saw to every layer behind it, even behind one whose steps are other ones
 * (convolution, pooling): the object it is handed on in is the same for all, so that it can be taken out here.
 */
export function defineUnmask(Base: BaseLayerClass) {
  return class DlctlUnmask extends Base {
    static className = "DlctlUnmask";

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      return inputShape as tf.Shape;
    }

    override compute([input]: tf.Tensor[], args: CallArguments): tf.Tensor {
      delete args.mask;
      return (input as tf.Tensor).clone();
    }

    override maskOfOutput(): undefined {
      return undefined;
    }
  };
}
