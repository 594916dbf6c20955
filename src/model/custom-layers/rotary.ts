import type { tf } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

/** Turns queries or keys, `[..., time, width]`, by their position, or back again. */
export interface Rotation {
  turn(x: tf.Tensor): tf.Tensor;
  turnBack(x: tf.Tensor): tf.Tensor;
}

/**
 * Rotary positions (Su et al., 2021) for `time` steps from `offset` on: number i and number i + width / 2 are the coordinates of a point that
 * is turned by position * 10000^(-2i / width). Attention then depends on the distance of two steps alone.
 */
export function rotary(tf: Tf, time: number, width: number, offset = 0): Rotation {
  const table = rotaryTable(time, width, offset);
  // A tensor for each use: what the forward pass makes is gone when the gradient is computed.
  const cosine = () => tf.tensor(table.subarray(0, time * width), [time, width]);
  const sine = () => tf.tensor(table.subarray(time * width), [time, width]);
  const parts = (x: tf.Tensor) => tf.split(x, 2, x.rank - 1) as [tf.Tensor, tf.Tensor];
  const quarter = (x: tf.Tensor) => {
    const [first, second] = parts(x);
    return tf.concat([tf.neg(second), first], x.rank - 1);
  };
  const quarterBack = (x: tf.Tensor) => {
    const [first, second] = parts(x);
    return tf.concat([second, tf.neg(first)], x.rank - 1);
  };
  return {
    turn: (x) => tf.add(tf.mul(x, cosine()), tf.mul(quarter(x), sine())),
    turnBack: (x) => tf.add(tf.mul(x, cosine()), quarterBack(tf.mul(x, sine()))),
  };
}

/** Cosines and then sines of the angles, `[2, time, width]`. */
export function rotaryTable(time: number, width: number, offset = 0): Float32Array {
  const half = width / 2;
  const angle = (step: number, place: number) => (offset + step) * 10000 ** (-(place % half) / half);
  return Float32Array.from({ length: 2 * time * width }, (_, index) => {
    const place = index % (time * width);
    const of = index < time * width ? Math.cos : Math.sin;
    return of(angle(Math.floor(place / width), place % width));
  });
}
