import { z } from "zod";
import type { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { movingAverage } from "./moving-average";
import { decay, epsilon, learningRate } from "./optimizer-options";

export const rmsprop = defineOptimizer({
  type: "rmsprop",
  description: "Gradients over the root of the moving average of their squares (Tieleman and Hinton 2012).",
  options: {
    learningRate: learningRate(0.001),
    rho: decay(0.9, "Decay of the moving averages."),
    momentum: decay(0, "Share of the last step that is taken again; 0: none."),
    epsilon,
    centered: z.boolean().default(false).describe("Take the variance of the gradients in place of their mean square."),
  },
  slots: ({ momentum, centered }): Record<string, number> => ({
    square: 0,
    ...(momentum > 0 ? { velocity: 0 } : {}),
    ...(centered ? { mean: 0 } : {}),
  }),
  scalars: (_options, { learningRate }) => ({ rate: learningRate }),
  update: ({ rho, momentum, epsilon }, { value, gradient }, slots, { rate }) => {
    const square = movingAverage(slots.square as tf.Tensor, gradient.square(), 1 - rho);
    const mean = slots.mean && movingAverage(slots.mean, gradient, 1 - rho);
    const spread = mean ? square.sub(mean.square()) : square;
    const push = gradient.mul(rate as tf.Scalar).div(spread.add(epsilon).sqrt());
    const velocity = slots.velocity?.mul(momentum).add(push);
    return {
      value: value.sub(velocity ?? push),
      slots: { square, ...(velocity && { velocity }), ...(mean && { mean }) },
    };
  },
});
