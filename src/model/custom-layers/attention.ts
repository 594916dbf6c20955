import type { tf } from "../../runtime/tf";
import type { Rotation } from "./rotary";
import type { Tf } from "./tensorflow";

/** Queries, keys and values, each `[batch, heads, time, width]`. */
export type Heads = readonly [query: tf.Tensor, key: tf.Tensor, value: tf.Tensor];

export interface AttentionOptions {
  /** Added to the scores, of a shape that broadcasts to theirs: -1e9 where nothing may be seen. No gradient. */
  readonly biases: readonly tf.Tensor[];
  /** Factors of the shares, 0 or 1 / (1 - rate): `[batch, heads, queries, keys]`. */
  readonly drop: tf.Tensor | undefined;
  readonly rotation: Rotation | undefined;
}

interface Forward {
  /** `[batch, heads, queries, value width]`. */
  readonly output: tf.Tensor;
  readonly saved: tf.Tensor[];
}

/** softmax(Q K^T / sqrt(width)) V, "Attention is all you need" (Vaswani et al., 2017), and what its gradient needs. */
function forward(tf: Tf, [query, key, value]: Heads, { biases, drop, rotation }: AttentionOptions): Forward {
  const scaled = tf.mul(query, 1 / Math.sqrt(query.shape.at(-1) as number));
  const q = rotation ? rotation.turn(scaled) : scaled;
  const k = rotation ? rotation.turn(key) : key;
  const scores = biases.reduce((sum, bias) => tf.add(sum, bias), tf.matMul(q, k, false, true));
  const shares = tf.softmax(scores);
  const kept = drop ? tf.mul(shares, drop) : shares;
  const output = tf.matMul(kept, value);
  return { output, saved: [q, k, value, shares, output, ...(drop ? [drop, kept] : [])] };
}

/** Gradients of queries, keys and values. The sum over a row of shares * their gradients is that over output * its gradient, which is smaller. */
function backward(tf: Tf, dy: tf.Tensor, saved: readonly tf.Tensor[], { rotation }: AttentionOptions): Heads {
  const [q, k, value, shares, output, drop, kept] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] &
    (tf.Tensor | undefined)[];
  const dValue = tf.matMul(kept ?? shares, dy, true, false);
  const dKept = tf.matMul(dy, value, false, true);
  const dShares = drop ? tf.mul(dKept, drop) : dKept;
  const dScores = tf.mul(shares, tf.sub(dShares, tf.sum(tf.mul(dy, output), -1, true)));
  const dQuery = tf.matMul(dScores, k);
  const dKey = tf.matMul(dScores, q, true, false);
  const scale = 1 / Math.sqrt(q.shape.at(-1) as number);
  return [
    tf.mul(rotation ? rotation.turnBack(dQuery) : dQuery, scale),
    rotation ? rotation.turnBack(dKey) : dKey,
    dValue,
  ];
}

/** `[batch, time, heads, width]` from `[batch, heads, time, width]` and back: the same exchange. */
const exchange = (tf: Tf, x: tf.Tensor) => tf.transpose(x, [0, 2, 1, 3]);

/** Attention without a gradient, for generation: of `[batch, heads, time, width]` each, in the same layout. */
export function attendHeads(tf: Tf, heads: Heads, biases: readonly tf.Tensor[]): tf.Tensor {
  return forward(tf, heads, { biases, drop: undefined, rotation: undefined }).output;
}

/** softmax(Q K^T / sqrt(width)) alone: `[batch, heads, queries, keys]` of `[batch, time, heads, width]` each. */
export function attentionShares(
  tf: Tf,
  query: tf.Tensor,
  key: tf.Tensor,
  { biases, rotation }: AttentionOptions,
): tf.Tensor {
  const scaled = tf.mul(exchange(tf, query), 1 / Math.sqrt(query.shape.at(-1) as number));
  const [q, k] = [scaled, exchange(tf, key)].map((each) => (rotation ? rotation.turn(each) : each)) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const scores = tf.matMul(q, k, false, true);
  return tf.softmax(biases.reduce((sum, bias) => tf.add(sum, bias), scores));
}

/** Attention of `[batch, time, heads, width]` each; gives `[batch, queries, heads, value width]`. For use inside tf.tidy. */
export function attend(tf: Tf, heads: Heads, options: AttentionOptions): tf.Tensor {
  const compute = tf.customGrad((...given) => {
    const [query, key, value, save] = given as unknown as [...Heads, tf.GradSaveFunc];
    const { output, saved } = forward(tf, [exchange(tf, query), exchange(tf, key), exchange(tf, value)], options);
    save(saved);
    return {
      value: exchange(tf, output),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backward(tf, exchange(tf, dy), saved, options).map((gradient) => exchange(tf, gradient)),
    };
  });
  return compute(...heads);
}

/** Self-attention of queries, keys and values as one `[batch, time, 3, heads, width]`: turned to heads, and back, at once. */
export function attendPacked(tf: Tf, packed: tf.Tensor, options: AttentionOptions): tf.Tensor {
  const compute = tf.customGrad((...given) => {
    const [packed, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const heads = tf.unstack(tf.transpose(packed, [2, 0, 3, 1, 4]));
    const { output, saved } = forward(tf, heads as unknown as Heads, options);
    save(saved);
    return {
      value: exchange(tf, output),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.transpose(tf.stack([...backward(tf, exchange(tf, dy), saved, options)]), [1, 3, 0, 2, 4]),
    };
  });
  return compute(packed);
}
