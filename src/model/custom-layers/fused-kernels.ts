import type { tf } from "../../runtime/tf";
import type { Heads } from "./attention";

/** What bears on the shares of attention beside queries and keys. */
export interface AttentionConditions {
  readonly isCausal: boolean;
  /** Added to the scores of each key, `[batch, keys]`. No gradient. */
  readonly padding: tf.Tensor | undefined;
  /** Factors of the shares, 0 or 1 / (1 - rate): `[batch, heads, queries, keys]`. No gradient. */
  readonly drop: tf.Tensor | undefined;
  /** Cosines and sines that queries and keys are turned by, `[2, steps, width]`. */
  readonly rotation: tf.Tensor | undefined;
}

/**
 * Parts of layers in one operation each, with their gradients: the same values, faster. dlctl puts them into its layers where they can
 * run; plain TensorFlow.js has none. For use inside tf.tidy.
 */
export interface FusedKernels {
  /** Layer (or, not centred, RMS) normalization over the last axis; gamma and beta are of that axis. */
  normalize(
    x: tf.Tensor,
    gamma: tf.Tensor | null,
    beta: tf.Tensor | null,
    options: { readonly epsilon: number; readonly isCentred: boolean },
  ): tf.Tensor;
  /** `x`, `[rows, inputs]`, times `kernel`, `[inputs, outputs]`, plus `bias`: faster than plain products for many rows. */
  dense(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor;
  /** The exact GELU of `x`, `[rows, width]`, plus `bias`. */
  biasGelu(x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor;
  /** Attention of `[batch, time, heads, width]` each; gives `[batch, queries, heads, value width]`. */
  attend(heads: Heads, conditions: AttentionConditions): tf.Tensor;
  /** Self-attention of queries, keys and values as one `[batch, time, 3, heads, width]`; gives `[batch, time, heads, width]`. */
  attendPacked(packed: tf.Tensor, conditions: AttentionConditions): tf.Tensor;
}
