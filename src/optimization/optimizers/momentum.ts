import { z } from "zod";
import type { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { decay, learningRate } from "./optimizer-options";
import { momentumStep, nativeMomentum } from "./sgd-step";

export const momentum = defineOptimizer({
  type: "momentum",
  description: "Gradient descent with momentum; the same as sgd with momentum 0.9.",
  options: {
    learningRate: learningRate(0.01),
    momentum: decay(0.9, "Share of the last step that is taken again."),
    nesterov: z.boolean().default(false).describe("Nesterov's look-ahead."),
  },
  slots: () => ({ velocity: 0 }),
  scalars: (_options, { learningRate }) => ({ rate: learningRate }),
  update: (options, variable, { velocity }, { rate }) =>
    momentumStep(options, variable, velocity as tf.Tensor, rate as tf.Scalar),
  native: ({ momentum, nesterov }) => nativeMomentum(momentum, nesterov),
});
