import type { tf } from "../runtime/tf";

export type OutputActivation = "softmax" | "sigmoid";

const origins = new WeakMap<tf.Tensor, { readonly activation: OutputActivation; readonly logits: tf.Tensor }>();

/** Notes that `outputs` are `activation` of `logits`, for as long as both live. */
export function rememberLogits(outputs: tf.Tensor, activation: OutputActivation, logits: tf.Tensor): void {
  origins.set(outputs, { activation, logits });
}

/** What `outputs` were computed from by `activation`, if that is known. A gradient with respect to it is one of the model. */
export function logitsOf(outputs: tf.Tensor, activation: OutputActivation): tf.Tensor | undefined {
  const origin = origins.get(outputs);
  return origin?.activation === activation ? origin.logits : undefined;
}
