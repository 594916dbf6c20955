import type { tf } from "../../runtime/tf";
import type { NativeUpdate } from "./native-update";

interface SgdStep {
  readonly value: tf.Tensor;
  readonly slots: Readonly<Record<string, tf.Tensor>>;
}

/**
 * Keras's SGD with momentum: `velocity = momentum velocity - rate gradient`, then the value moves by the velocity, or with
 * Nesterov's look-ahead by `momentum velocity - rate gradient` once more.
 */
export function momentumStep(
  { momentum, nesterov }: { readonly momentum: number; readonly nesterov: boolean },
  { value, gradient }: { readonly value: tf.Tensor; readonly gradient: tf.Tensor },
  previous: tf.Tensor,
  rate: tf.Scalar,
): SgdStep {
  const push = gradient.mul(rate);
  const velocity = previous.mul(momentum).sub(push);
  const move = nesterov ? velocity.mul(momentum).sub(push) : velocity;
  return { value: value.add(move), slots: { velocity } };
}

export function nativeMomentum(momentum: number, nesterov: boolean): NativeUpdate {
  return {
    op: "ResourceApplyKerasMomentum",
    inputs: ["variable", { slot: "velocity" }, { scalar: "rate" }, "gradient", { constant: momentum }],
    booleans: { use_nesterov: nesterov },
  };
}

export const nativeGradientDescent: NativeUpdate = {
  op: "ResourceApplyGradientDescent",
  inputs: ["variable", { scalar: "rate" }, "gradient"],
};
