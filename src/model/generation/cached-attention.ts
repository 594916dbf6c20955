import { tf } from "../../runtime/tf";
import { attendHeads } from "../custom-layers/attention";
import type { AttentionPart } from "../custom-layers/attention-part";
import { causalBias } from "../custom-layers/masks";
import { rotary } from "../custom-layers/rotary";

/** Causal attention of a sequence to itself that keeps the keys and values of the steps it has seen. */
export class CachedAttention {
  /** `[1, heads, steps, width]` */
  private keys: tf.Tensor | undefined;
  private values: tf.Tensor | undefined;

  constructor(private readonly attention: AttentionPart) {}

  /** The attention's output for new steps `x`, `[1, steps, width]`; the first is step `offset`. */
  advance(x: tf.Tensor, offset: number): tf.Tensor {
    const { config } = this.attention;
    const steps = x.shape[1] as number;
    const [query, key, value] = this.attention.split(x, x).map((each) => tf.transpose(each, [0, 2, 1, 3]));
    const turn = (each: tf.Tensor) =>
      config.rotary ? rotary(tf, steps, config.keyDimension, offset).turn(each) : each;
    this.keys = append(this.keys, turn(key as tf.Tensor));
    this.values = append(this.values, value as tf.Tensor);
    // A single new step may see everything.
    const biases = steps > 1 ? [causalBias(tf, steps, offset + steps, offset)] : [];
    const heads = attendHeads(tf, [turn(query as tf.Tensor), this.keys, this.values], biases);
    return this.attention.finish(tf.transpose(heads, [0, 2, 1, 3]));
  }

  reset(): void {
    tf.dispose([this.keys, this.values].filter((kept) => kept !== undefined));
    this.keys = undefined;
    this.values = undefined;
  }
}

function append(kept: tf.Tensor | undefined, added: tf.Tensor): tf.Tensor {
  const all = tf.keep(kept ? tf.concat([kept, added], 2) : tf.clone(added));
  kept?.dispose();
  return all;
}
