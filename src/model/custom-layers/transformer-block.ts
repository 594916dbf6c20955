import type { tf } from "../../runtime/tf";
import { type AttentionConfig, AttentionPart } from "./attention-part";
import type { BaseLayerClass, WeightOptions } from "./base-layer";
import { FeedForwardPart } from "./feed-forward-part";
import { type GivenMask, maskOf } from "./masks";
import { memoryMask, shapesOf } from "./multi-head-attention";
import { type NormalizationKind, NormalizationPart } from "./normalization-part";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

export interface TransformerBlockConfig
  extends LayerArguments,
    WeightOptions,
    Omit<AttentionConfig, "valueDimension" | "isCausal"> {
  /** Units between the two dense layers. */
  readonly feedForward: number;
  readonly normalization: NormalizationKind;
  readonly epsilon: number;
  /** Whether normalization comes before attention and dense layers, or behind the sum. */
  readonly order: "pre" | "post";
}

/**
 * The two blocks of "Attention is all you need" (Vaswani et al., 2017): attention and then a feed-forward net, each added to what it was given. A
 * decoder block sees no later step; with a second input it attends to that one, too, in between.
 */
export function defineTransformerBlocks(tf: Tf, Base: BaseLayerClass) {
  class TransformerBlock extends Base {
    readonly attention: AttentionPart;
    protected readonly attentionNorm: NormalizationPart;
    protected readonly feedForward: FeedForwardPart;
    protected readonly feedForwardNorm: NormalizationPart;

    constructor(
      protected readonly given: TransformerBlockConfig,
      isCausal: boolean,
    ) {
      super(given);
      this.attention = this.attentionOf("attention/", isCausal);
      this.attentionNorm = this.norm("attentionNorm/");
      this.feedForward = new FeedForwardPart(tf, this, "feedForward/", given.feedForward);
      this.feedForwardNorm = this.norm("feedForwardNorm/");
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const width = shapesOf(inputShape)[0]?.at(-1) as number;
      this.attention.build(width, width, width);
      this.attentionNorm.build(width);
      this.feedForward.build(width);
      this.feedForwardNorm.build(width);
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      return shapesOf(inputShape)[0] as tf.Shape;
    }

    override compute([input]: tf.Tensor[], { mask, training }: CallArguments): tf.Tensor {
      const isTraining = training === true;
      const x = input as tf.Tensor;
      return this.run(x, isTraining, (y) =>
        this.attention.toItself(y, { mask: maskOf(tf, x, mask as GivenMask), isTraining }),
      );
    }

    /** The block with `attend` for its attention to itself: generation puts one in that remembers earlier steps. */
    run(x: tf.Tensor, isTraining: boolean, attend: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
      const attended = this.residual(x, this.attentionNorm, "attention", isTraining, attend);
      return this.residual(attended, this.feedForwardNorm, "feedForward", isTraining, (y) => this.feedForward.apply(y));
    }

    protected residual(
      x: tf.Tensor,
      norm: NormalizationPart,
      place: string,
      isTraining: boolean,
      compute: (x: tf.Tensor) => tf.Tensor,
    ): tf.Tensor {
      const { order, dropout } = this.given;
      const added = compute(order === "pre" ? norm.apply(x) : x);
      const kept = isTraining && dropout > 0 ? tf.mul(added, this.dropFactors(added.shape, dropout, place)) : added;
      const sum = tf.add(x, kept);
      return order === "pre" ? sum : norm.apply(sum);
    }

    protected attentionOf(prefix: string, isCausal: boolean): AttentionPart {
      const { heads, keyDimension, rotary, dropout } = this.given;
      const isRotary = rotary && prefix === "attention/";
      const config = { heads, keyDimension, valueDimension: keyDimension, isCausal, rotary: isRotary, dropout };
      return new AttentionPart(tf, this, prefix, config);
    }

    protected norm(prefix: string): NormalizationPart {
      return new NormalizationPart(tf, this, prefix, this.given.normalization, this.given.epsilon);
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { heads, keyDimension, rotary, dropout, feedForward, normalization, epsilon, order } = this.given;
      const own = { heads, keyDimension, rotary, dropout, feedForward, normalization, epsilon, order };
      return { ...super.getConfig(), ...own };
    }
  }

  class DlctlEncoderBlock extends TransformerBlock {
    static className = "DlctlEncoderBlock";

    constructor(config: TransformerBlockConfig) {
      super(config, false);
    }
  }

  class DlctlDecoderBlock extends TransformerBlock {
    static className = "DlctlDecoderBlock";
    private cross: { readonly attention: AttentionPart; readonly norm: NormalizationPart } | undefined;

    constructor(config: TransformerBlockConfig) {
      super(config, true);
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const [query = [], memory] = shapesOf(inputShape);
      super.build(inputShape);
      if (!memory) return;
      const width = query.at(-1) as number;
      this.cross = { attention: this.attentionOf("crossAttention/", false), norm: this.norm("crossAttentionNorm/") };
      this.cross.attention.build(width, memory.at(-1) as number, width);
      this.cross.norm.build(width);
    }

    override compute(inputs: tf.Tensor[], args: CallArguments): tf.Tensor {
      const [input, memory] = inputs;
      const { cross } = this;
      if (!cross || !memory) return super.compute(inputs, args);
      const isTraining = args.training === true;
      const given = args.mask as GivenMask;
      const x = input as tf.Tensor;
      const attended = this.residual(x, this.attentionNorm, "attention", isTraining, (y) =>
        this.attention.toItself(y, { mask: maskOf(tf, x, given), isTraining }),
      );
      const crossed = this.residual(attended, cross.norm, "crossAttention", isTraining, (y) =>
        cross.attention.toMemory(y, memory, { mask: memoryMask(tf, memory, given), isTraining }),
      );
      return this.residual(crossed, this.feedForwardNorm, "feedForward", isTraining, (y) => this.feedForward.apply(y));
    }
  }

  return { DlctlEncoderBlock, DlctlDecoderBlock };
}
