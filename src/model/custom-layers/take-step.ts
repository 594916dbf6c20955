import type { tf } from "../../runtime/tf";
import type { BaseLayerClass } from "./base-layer";
import { edgeOf, type GivenMask, maskOf } from "./masks";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

export interface TakeStepConfig extends LayerArguments {
  readonly step: "first" | "last";
}

/** The first or last step of each sequence, of those that are not masked. */
export function defineTakeStep(tf: Tf, Base: BaseLayerClass) {
  return class DlctlTakeStep extends Base {
    static className = "DlctlTakeStep";

    constructor(private readonly given: TakeStepConfig) {
      super(given);
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const [batch, , ...rest] = inputShape as tf.Shape;
      return [batch ?? null, ...rest];
    }

    override compute([input]: tf.Tensor[], { mask }: CallArguments): tf.Tensor {
      const x = input as tf.Tensor;
      const { step } = this.given;
      const steps = maskOf(tf, x, mask as GivenMask);
      const [batch = 0, time = 0, width = 0] = x.shape;
      const place = step === "first" ? 0 : time - 1;
      const taken = steps
        ? tf.matMul(tf.reshape(edgeOf(tf, steps, step), [batch, 1, time]), x)
        : tf.slice(x, [0, place, 0], [-1, 1, -1]);
      return tf.reshape(taken, [batch, width]);
    }

    override maskOfOutput(): undefined {
      return undefined;
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), step: this.given.step };
    }
  };
}
