import { z } from "zod";
import type { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { decay, learningRate } from "./optimizer-options";
import { momentumStep, nativeGradientDescent, nativeMomentum } from "./sgd-step";

export const sgd = defineOptimizer({
  type: "sgd",
  description: "Gradient descent, with momentum if asked for.",
  options: {
    learningRate: learningRate(0.01),
    momentum: decay(0, "Share of the last step that is taken again; 0: none."),
    nesterov: z.boolean().default(false).describe("Nesterov's look-ahead; needs momentum."),
  },
  slots: ({ momentum }): Record<string, number> => (momentum > 0 ? { velocity: 0 } : {}),
  scalars: (_options, { learningRate }) => ({ rate: learningRate }),
  update: (options, variable, { velocity }, scalars) => {
    const rate = scalars.rate as tf.Scalar;
    if (velocity) return momentumStep(options, variable, velocity, rate);
    return { value: variable.value.sub(variable.gradient.mul(rate)), slots: {} };
  },
  native: ({ momentum, nesterov }) => (momentum > 0 ? nativeMomentum(momentum, nesterov) : nativeGradientDescent),
});
