import type { tf } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

/** What a layer is handed as mask: one, a list of one for each input, or none. */
export type GivenMask = tf.Tensor | (tf.Tensor | null | undefined)[] | null | undefined;

/**
 * The boolean mask `[batch, time]` of `x`, `[batch, time, ...]`; undefined when there is none. TensorFlow.js goes on handing over a mask
 * to layers behind the one that consumed it, and gives it another rank where branches are joined: one that can't be x's is none.
 */
export function maskOf(tf: Tf, x: tf.Tensor, given: GivenMask, place = 0): tf.Tensor | undefined {
  const mask = Array.isArray(given) ? given[place] : place === 0 ? given : undefined;
  const [batch = 0, time = 0] = x.shape;
  if (!mask || x.rank < 3 || mask.size !== batch * time || mask.shape.at(-1) !== time) return undefined;
  return mask.rank === 2 ? mask : tf.reshape(mask, [batch, time]);
}

/**
 * A tensor with the mask of its steps: TensorFlow.js's executor hands over the mask of a layer's first input only, so that of a second one
 * comes with the tensor. (tfjs's own `kerasMask` is disposed together with its tensor.)
 */
interface Masked {
  dlctlMask?: tf.Tensor | undefined;
}

/** The mask that one of dlctl's layers left with its output `x`. */
export function rememberedMask(x: tf.Tensor): tf.Tensor | undefined {
  const { dlctlMask } = x as Masked;
  return dlctlMask?.isDisposed ? undefined : dlctlMask;
}

export function rememberMask(x: tf.Tensor, mask: tf.Tensor | undefined): void {
  (x as Masked).dlctlMask = mask;
}

const veryNegative = -1e9;

/** What is added to attention's scores so that padding gets no share of it: 0, or -1e9 where `mask` is false; `[batch, 1, 1, time]`. */
export function paddingBias(tf: Tf, mask: tf.Tensor): tf.Tensor {
  const [batch = 0, time = 0] = mask.shape;
  return tf.reshape(tf.mul(tf.sub(1, tf.cast(mask, "float32")), veryNegative), [batch, 1, 1, time]);
}

/** The same so that step `offset + i` sees the steps up to itself: `[1, 1, queries, keys]`. */
export function causalBias(tf: Tf, queries: number, keys: number, offset = 0): tf.Tensor {
  const key = tf.range(0, keys, 1, "float32");
  const query = tf.reshape(tf.range(offset, offset + queries, 1, "float32"), [queries, 1]);
  return tf.reshape(tf.mul(tf.clipByValue(tf.sub(key, query), 0, 1), veryNegative), [1, 1, queries, keys]);
}

/**
 * The number of steps before each one that count, int32 `[batch, time]`: where padding is on the left, positions begin behind it, so
 * that more of it changes nothing.
 */
export function maskedPositions(tf: Tf, mask: tf.Tensor): tf.Tensor {
  const counts = tf.cumsum(tf.cast(mask, "int32"), 1);
  return tf.maximum(tf.sub(counts, tf.scalar(1, "int32")), tf.scalar(0, "int32"));
}

/** 1 at the first (or last) step of each example that counts, else 0: float32 `[batch, time]`. */
export function edgeOf(tf: Tf, mask: tf.Tensor, edge: "first" | "last"): tf.Tensor {
  const values = tf.cast(mask, "int32");
  const isEdge = tf.equal(tf.cumsum(values, 1, false, edge === "last"), tf.scalar(1, "int32"));
  return tf.cast(tf.logicalAnd(isEdge, mask), "float32");
}
