import type { tf } from "../../runtime/tf";
import type { BaseLayerClass, WeightOptions } from "./base-layer";
import type { LayerArguments, Tf } from "./tensorflow";

/** Puts a learned step before the others. */
export function defineClassToken(tf: Tf, Base: BaseLayerClass) {
  return class DlctlClassToken extends Base {
    static className = "DlctlClassToken";
    private token!: tf.LayerVariable;

    constructor(given: LayerArguments & WeightOptions) {
      super(given);
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      this.token = this.weight("token", [1, 1, (inputShape as tf.Shape).at(-1) as number], "kernel");
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const [batch, time, width] = inputShape as tf.Shape;
      return [batch ?? null, typeof time === "number" ? time + 1 : null, width as number];
    }

    override compute([x]: tf.Tensor[]): tf.Tensor {
      const input = x as tf.Tensor;
      const first = tf.mul(tf.ones([input.shape[0] as number, 1, 1]), this.token.read());
      return tf.concat([first, input], 1);
    }

    override maskOfOutput(_inputs: tf.Tensor[], [mask]: (tf.Tensor | undefined)[]): tf.Tensor | undefined {
      if (!mask) return undefined;
      return tf.tidy(() => tf.concat([tf.ones([mask.shape[0] as number, 1], "bool"), mask], 1));
    }
  };
}
