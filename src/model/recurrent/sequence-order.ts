import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/**
 * Where the steps of sequences `[batch, time, ...]` stand in what a kernel reads, `[time, batch, ...]`, whose rows are counted
 * through. The steps that the mask lets through come first, in their order, so that a kernel without masks reads no padding
 * before it has read everything else; the output at a step that is masked is the one before it, as in Keras. Everything is
 * computed in TensorFlow from the mask, and can be recorded.
 */
export interface SequenceOrder {
  /** What the two functions for gradients need: to be saved by the forward pass and given back to them. */
  readonly saved: readonly tf.Tensor[];
  /** `[time, batch, features]` of `[batch, time, features]`. */
  pack(x: tf.Tensor): tf.Tensor;
  /** Gradient of `pack`. */
  packGradient(packed: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor;
  /** Of the states after each step, `[time, batch, units]`: all `[batch, time, units]`, or the last one `[batch, units]`. */
  outputs(states: tf.Tensor): tf.Tensor;
  /** Gradient of `outputs`. */
  stateGradient(dy: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor;
}

/** All steps count. */
export function plainOrder(returnSequences: boolean): SequenceOrder {
  const exchange = (x: tf.Tensor) => tf.transpose(x, [1, 0, 2]);
  return {
    saved: [],
    pack: exchange,
    packGradient: exchange,
    outputs: (states) => (returnSequences ? exchange(states) : lastOf(states)),
    stateGradient: exchange,
  };
}

const lastOf = (states: tf.Tensor) => {
  const [time, batch, units] = states.shape as [number, number, number];
  return tf.reshape(tf.slice(states, [time - 1, 0, 0], [1, batch, units]), [batch, units]);
};

/** All steps count, and examples stay first, `[batch, time, ...]`, in what the kernel reads and gives. */
export function examplesInOrder(time: number, returnSequences: boolean): SequenceOrder {
  const same = (x: tf.Tensor) => x;
  const last = (states: tf.Tensor) => {
    const [batch, , units] = states.shape as [number, number, number];
    return tf.reshape(tf.slice(states, [0, time - 1, 0], [batch, 1, units]), [batch, units]);
  };
  const beforeLast: [number, number][] = [
    [0, 0],
    [time - 1, 0],
    [0, 0],
  ];
  return {
    saved: [],
    pack: same,
    packGradient: same,
    outputs: returnSequences ? same : last,
    stateGradient: (dy) => (returnSequences ? dy : tf.pad(tf.expandDims(dy, 1), beforeLast)),
  };
}

/**
 * 1 where an int32 mask `[batch, time]` is 0, else 0, as float32 `[time, batch, 1]`. It is turned after the subtraction because
 * TensorFlow would otherwise turn the boolean before the cast, and complain of its own choice.
 */
export function paddedSteps(mask: tf.Tensor): tf.Tensor {
  const [batch, time] = mask.shape as [number, number];
  return tf.reshape(tf.transpose(tf.sub(1, tf.cast(mask, "float32"))), [time, batch, 1]);
}

/**
 * `mask` is int32 `[batch, time]`, 1 or 0. With "examples first" what the kernel reads and gives is `[batch, time, ...]`, too. For use
 * inside tf.tidy.
 */
export function maskedOrder(
  native: NativeOps,
  mask: tf.Tensor,
  returnSequences: boolean,
  layout: "steps first" | "examples first" = "steps first",
): SequenceOrder {
  const [batch, time] = mask.shape as [number, number];
  const integer = (value: number) => tf.scalar(value, "int32");
  const rows = batch * time;
  const areStepsFirst = layout === "steps first";
  const place = (step: tf.Tensor) =>
    areStepsFirst ? tf.add(tf.mul(step, integer(batch)), example) : tf.add(tf.mul(example, integer(time)), step);
  const inLayout = (rows: tf.Tensor, width: number) =>
    tf.reshape(rows, areStepsFirst ? [time, batch, width] : [batch, time, width]);
  const example = tf.reshape(tf.range(0, batch, 1, "int32"), [batch, 1]);
  const isRead = tf.cast(mask, "bool");
  // How many steps count up to each one and in all.
  const read = tf.cumsum(mask, 1);
  const all = tf.reshape(tf.sum(mask, 1), [batch, 1]);
  const steps = tf.reshape(tf.range(0, time, 1, "int32"), [1, time]);
  const step = tf.where(isRead, tf.sub(read, integer(1)), tf.add(all, tf.sub(steps, read)));
  const packedPlace = tf.reshape(place(step), [rows]);
  const given = tf.reshape(tf.add(tf.mul(example, integer(time)), steps), [rows]);
  const sources = sumSegments(native, given, packedPlace, rows, "int32");
  const seen = returnSequences ? read : all;
  const isAny = tf.greater(seen, integer(0));
  const count = batch * (returnSequences ? time : 1);
  const lastPlace = tf.reshape(place(tf.maximum(tf.sub(seen, integer(1)), integer(0))), [count]);
  const stateSegment = tf.where(tf.reshape(isAny, [count]), lastPlace, integer(-1));
  const factor = tf.reshape(tf.cast(isAny, "float32"), [count, 1]);
  const rowsOf = (x: tf.Tensor) => tf.reshape(x, [rows, x.shape[2] as number]);
  return {
    saved: [packedPlace, stateSegment],
    pack: (x) => inLayout(tf.gather(rowsOf(x), sources), x.shape[2] as number),
    packGradient: (packed, [packedPlace]) =>
      tf.reshape(tf.gather(rowsOf(packed), packedPlace as tf.Tensor), [batch, time, packed.shape[2] as number]),
    outputs: (states) => {
      const units = states.shape[2] as number;
      const chosen = tf.mul(tf.gather(rowsOf(states), lastPlace), factor);
      return tf.reshape(chosen, returnSequences ? [batch, time, units] : [batch, units]);
    },
    stateGradient: (dy, [, stateSegment]) => {
      const units = dy.shape.at(-1) as number;
      const sums = sumSegments(native, tf.reshape(dy, [count, units]), stateSegment as tf.Tensor, rows, "float32");
      return inLayout(sums, units);
    },
  };
}

/** Row `i` of the result is the sum of the rows of `x` whose segment is `i`; those with a negative segment are left out. */
function sumSegments(
  native: NativeOps,
  x: tf.Tensor,
  segments: tf.Tensor,
  count: number,
  dtype: "float32" | "int32",
): tf.Tensor {
  const attributes = { T: { dtype }, Tindices: { dtype: "int32" }, Tnumsegments: { dtype: "int32" } } as const;
  return native.executeOp(
    "UnsortedSegmentSum",
    attributes,
    [x, segments, tf.scalar(count, "int32")],
    1,
  )[0] as tf.Tensor;
}
