import type { tf } from "../../runtime/tf";

interface MaybeActivated {
  readonly activation?: { apply(x: tf.Tensor): tf.Tensor; getClassName?(): string } | null;
}

/** Runs `compute` while `layer` leaves out the softmax that it ends in, if it does: its output are the logits then. */
export function withoutSoftmax<Result>(layer: tf.layers.Layer, compute: () => Result): Result {
  const { activation } = layer as MaybeActivated;
  if (activation?.getClassName?.() !== "softmax") return compute();
  const { apply } = activation;
  activation.apply = (x) => x;
  try {
    return compute();
  } finally {
    activation.apply = apply;
  }
}
