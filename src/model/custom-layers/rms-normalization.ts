import type { tf } from "../../runtime/tf";
import type { BaseLayerClass } from "./base-layer";
import { NormalizationPart } from "./normalization-part";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

export interface RmsNormalizationConfig extends LayerArguments {
  readonly epsilon: number;
}

/** x / sqrt(mean(x^2) + epsilon), times a learned factor, over the last axis. */
export function defineRmsNormalization(tf: Tf, Base: BaseLayerClass) {
  return class DlctlRmsNormalization extends Base {
    static className = "DlctlRmsNormalization";
    private readonly part: NormalizationPart;

    constructor(private readonly given: RmsNormalizationConfig) {
      super(given);
      this.part = new NormalizationPart(tf, this, "", "rms", given.epsilon);
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      this.part.build((inputShape as tf.Shape).at(-1) as number);
      super.build(inputShape);
    }

    override compute([x]: tf.Tensor[], _args: CallArguments): tf.Tensor {
      return this.part.apply(x as tf.Tensor);
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), epsilon: this.given.epsilon };
    }
  };
}
