import type { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { movingAverage } from "./moving-average";
import { decay, epsilon, learningRate } from "./optimizer-options";

export const adamax = defineOptimizer({
  type: "adamax",
  description: "Adam with the largest recent gradient in place of the mean square (Kingma and Ba 2015, section 7).",
  options: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, "Decay of the moving average of gradients."),
    beta2: decay(0.999, "Decay of the largest gradient."),
    epsilon,
  },
  slots: () => ({ mean: 0, largest: 0 }),
  scalars: ({ beta1 }, { learningRate, step }) => ({ rate: learningRate / (1 - beta1 ** step) }),
  update: ({ beta1, beta2, epsilon }, { value, gradient }, slots, { rate }) => {
    const mean = movingAverage(slots.mean as tf.Tensor, gradient, 1 - beta1);
    const largest = (slots.largest as tf.Tensor).mul(beta2).maximum(gradient.abs());
    return { value: value.sub(mean.mul(rate as tf.Scalar).div(largest.add(epsilon))), slots: { mean, largest } };
  },
});
