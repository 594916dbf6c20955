import type { z } from "zod";
import type { tf } from "../../runtime/tf";

/**
 * How a loss wants its targets: one-hot `[batch, classes]`, class indices int32 `[batch]` (of sequences `[batch, time]`), or
 * values `[batch, width]`.
 */
export type TargetEncoding = "oneHot" | "index" | "values";

/** One kind of loss, whole. Formulas and defaults are Keras 3's. */
export interface LossDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** One sentence with the formula, for the docs. */
  readonly description: string;
  readonly options: Options;
  /** For classification ("oneHot", "index") and for values. A loss like binaryCrossentropy may take several. */
  readonly targets: readonly TargetEncoding[];
  /** The last layer's activation for which the formula means what it says, if there is one. */
  readonly activation?: "softmax" | "sigmoid";
  /**
   * The loss of each example, `[batch]`, float32, unweighted. `outputs` are the model's, `[batch, width]`. tfjs ops
   * with gradients only; synchronous; for use inside tf.tidy.
   */
  perExample(options: z.output<z.ZodObject<Options>>, targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor1D;
}

/** Lets TypeScript infer the options of a definition. */
export function defineLoss<const Type extends string, Options extends z.ZodRawShape>(
  definition: LossDefinition<Type, Options>,
): LossDefinition<Type, Options> {
  return definition;
}

/** A loss definition with its options applied and its target encoding chosen. */
export interface BoundLoss {
  readonly encoding: TargetEncoding;
  perExample(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor1D;
  /** Of sequences: the loss of each step, `[batch, time]`; 0 where the target is -1. */
  perStep?(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor2D;
}
