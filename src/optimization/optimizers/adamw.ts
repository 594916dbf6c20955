import { z } from "zod";
import type { tf } from "../../runtime/tf";
import { adamOptions, adamRate, adamSlots, adamStep } from "./adam-step";
import { defineOptimizer } from "./define-optimizer";
import { learningRate } from "./optimizer-options";

export const adamw = defineOptimizer({
  type: "adamw",
  description:
    "Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019): before its step each weight loses learningRate weightDecay of itself.",
  options: {
    learningRate: learningRate(0.001),
    weightDecay: z
      .number()
      .min(0)
      .default(0.004)
      .describe("Share that a weight loses in a step, times the learning rate."),
    decayBiasAndNorm: z
      .boolean()
      .default(true)
      .describe("Whether weights of one axis (biases, gains of normalization) decay too, as in Keras."),
    ...adamOptions,
  },
  slots: adamSlots,
  scalars: (options, at) => ({ ...adamRate(options, at), kept: 1 - at.learningRate * options.weightDecay }),
  update: (options, variable, slots, { rate, kept }) => {
    const isDecayed = variable.isDecayed || options.decayBiasAndNorm;
    const value = isDecayed ? variable.value.mul(kept as tf.Scalar) : variable.value;
    return adamStep(options, { ...variable, value }, slots, rate as tf.Scalar);
  },
  adam: ({ beta1, beta2, epsilon, amsgrad, decayBiasAndNorm }) => {
    if (amsgrad) return undefined;
    const shares = { meanShare: 1 - beta1, squareShare: 1 - beta2 };
    const kept = { scalar: "kept", ofVectors: decayBiasAndNorm };
    return { ...shares, epsilon, rate: { scalar: "rate", times: 1 }, kept };
  },
});
