import { tf } from "../../runtime/tf";

/** Weights of one direction; a bias is there even if the layer has none (zeros). */
export interface RecurrentWeights {
  /** `[features, gates * units]`. */
  readonly kernel: tf.Tensor;
  /** `[units, gates * units]`. */
  readonly recurrentKernel: tf.Tensor;
  readonly bias: tf.Tensor;
}

/** What a fused layer computes besides: steps are in the order of reading. */
export interface SequenceOptions {
  /** int32 `[batch, time]`, 1 where a step counts; undefined: all do. */
  readonly mask: tf.Tensor | undefined;
  readonly returnSequences: boolean;
}

/** A whole layer in few operations and with its gradient: `[batch, time, features]` to `[batch, time, units]` or `[batch, units]`. */
export type RecurrentKernel = (x: tf.Tensor, weights: RecurrentWeights, options: SequenceOptions) => tf.Tensor;

/** What dlctl's own operations take for a mask where there is none. */
export function noMask(): tf.Tensor {
  return tf.zeros([0, 0], "int32");
}
