import type { tf } from "../../runtime/tf";
import { type AttentionConfig, AttentionPart } from "./attention-part";
import type { BaseLayerClass, WeightOptions } from "./base-layer";
import { type GivenMask, maskOf, rememberedMask } from "./masks";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

export interface MultiHeadAttentionConfig extends LayerArguments, WeightOptions, AttentionConfig {
  /** Width of the output; that of the queries where it is not given. */
  readonly outputShape?: number | undefined;
}

/** Multi-head attention of a sequence to itself, or, with two inputs, to the steps of the second one. */
export function defineMultiHeadAttention(tf: Tf, Base: BaseLayerClass) {
  return class DlctlMultiHeadAttention extends Base {
    static className = "DlctlMultiHeadAttention";
    readonly attention: AttentionPart;
    private readonly width: number | undefined;

    constructor(private readonly given: MultiHeadAttentionConfig) {
      super(given);
      this.attention = new AttentionPart(tf, this, "", given);
      this.width = given.outputShape;
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const [query = [], memory = query] = shapesOf(inputShape);
      const width = query.at(-1) as number;
      this.attention.build(width, memory.at(-1) as number, this.width ?? width);
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const [query = []] = shapesOf(inputShape);
      return [...query.slice(0, -1), this.width ?? (query.at(-1) as number)];
    }

    override compute([x, memory]: tf.Tensor[], { mask, training }: CallArguments): tf.Tensor {
      const isTraining = training === true;
      const query = x as tf.Tensor;
      if (!memory) return this.attention.toItself(query, { mask: maskOf(tf, query, mask as GivenMask), isTraining });
      return this.attention.toMemory(query, memory, { mask: memoryMask(tf, memory, mask as GivenMask), isTraining });
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { heads, keyDimension, valueDimension, isCausal, rotary, dropout } = this.attention.config;
      const own = { heads, keyDimension, valueDimension, isCausal, rotary, dropout };
      return { ...super.getConfig(), ...own, ...(this.width === undefined ? {} : { outputShape: this.width }) };
    }
  };
}

/** The shapes of all inputs. */
export function shapesOf(shape: tf.Shape | tf.Shape[]): tf.Shape[] {
  return Array.isArray(shape[0]) ? (shape as tf.Shape[]) : [shape as tf.Shape];
}

/** The mask of the second input. */
export function memoryMask(tf: Tf, memory: tf.Tensor, given: GivenMask): tf.Tensor | undefined {
  const isListed = Array.isArray(given) && given.length > 1;
  return isListed ? maskOf(tf, memory, given, 1) : maskOf(tf, memory, rememberedMask(memory));
}
