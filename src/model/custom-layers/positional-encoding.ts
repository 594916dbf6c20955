import type { tf } from "../../runtime/tf";
import type { BaseLayerClass, WeightOptions } from "./base-layer";
import { type GivenMask, maskedPositions, maskOf } from "./masks";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

export interface PositionalEncodingConfig extends LayerArguments, WeightOptions {
  readonly kind: "sinusoidal" | "learned";
  /** Number of positions that are learned, or that the table of sines has. */
  readonly maxLength: number;
  /** Whether the input is multiplied by sqrt(width) first, as in the paper. */
  readonly scaleInput: boolean;
}

/** Adds to each step a vector that says where it is. Steps that are masked are not counted. */
export function definePositionalEncoding(tf: Tf, Base: BaseLayerClass) {
  return class DlctlPositionalEncoding extends Base {
    static className = "DlctlPositionalEncoding";
    private embeddings: tf.LayerVariable | undefined;

    constructor(readonly given: PositionalEncodingConfig) {
      super(given);
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const width = (inputShape as tf.Shape).at(-1) as number;
      if (this.given.kind === "learned") {
        this.embeddings = this.weight("embeddings", [this.given.maxLength, width], "kernel");
      }
      super.build(inputShape);
    }

    override compute([input]: tf.Tensor[], { mask }: CallArguments): tf.Tensor {
      const x = input as tf.Tensor;
      const steps = maskOf(tf, x, mask as GivenMask);
      if (!steps) return this.encode(x, 0);
      const table = this.table(x.shape[1] as number, x.shape[2] as number, 0);
      return tf.add(this.scaled(x), tf.gather(table, maskedPositions(tf, steps)));
    }

    /** `x` with the positions from `offset` on. */
    encode(x: tf.Tensor, offset: number): tf.Tensor {
      return tf.add(this.scaled(x), this.table(x.shape[1] as number, x.shape[2] as number, offset));
    }

    private scaled(x: tf.Tensor): tf.Tensor {
      return this.given.scaleInput ? tf.mul(x, Math.sqrt(x.shape.at(-1) as number)) : x;
    }

    private table(time: number, width: number, offset: number): tf.Tensor {
      const { maxLength } = this.given;
      if (offset + time > maxLength) {
        throw new RangeError(
          `a sequence of ${offset + time} steps is longer than the ${maxLength} positions of ${this.name}`,
        );
      }
      if (this.embeddings) return tf.slice(this.embeddings.read(), [offset, 0], [time, width]);
      return tf.tensor(sinusoids(time, width, offset), [time, width]);
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { kind, maxLength, scaleInput } = this.given;
      return { ...super.getConfig(), kind, maxLength, scaleInput };
    }
  };
}

/** The paper's table: sin(p / 10000^(2i / width)) at 2i and the cosine at 2i + 1. */
function sinusoids(time: number, width: number, offset: number): Float32Array {
  return Float32Array.from({ length: time * width }, (_, index) => {
    const place = index % width;
    const angle = (offset + Math.floor(index / width)) / 10000 ** ((place - (place % 2)) / width);
    return place % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
