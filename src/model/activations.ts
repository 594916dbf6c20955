import { z } from "zod";

/** Names of TensorFlow.js's activations: what config writes and model.json holds. */
const activationNames = [
  "linear",
  "relu",
  "relu6",
  "elu",
  "selu",
  "gelu",
  "swish",
  "mish",
  "sigmoid",
  "hardSigmoid",
  "tanh",
  "softmax",
  "logSoftmax",
  "softplus",
  "softsign",
] as const;

export type ActivationName = Exclude<(typeof activationNames)[number], "logSoftmax">;

/**
 * What a layer does to its outputs, number by number (softmax and logSoftmax: over the last axis). gelu is the exact one (tfjs's
 * gelu_new, the tanh approximation, is left out: tfjs can't load a model that has it); hardSigmoid is TensorFlow.js's clip(0.2 x + 0.5, 0, 1), not Keras 3's clip(x / 6 + 0.5, 0, 1).
 */
export const activationSchema = z
  .enum(activationNames)
  // tfjs knows logSoftmax by that name; its type only forgets it.
  .transform((name) => name as ActivationName);
