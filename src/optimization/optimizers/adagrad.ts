import { z } from "zod";
import type { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { epsilon, learningRate } from "./optimizer-options";

export const adagrad = defineOptimizer({
  type: "adagrad",
  description: "Steps shrink with the sum of the squared gradients so far (Duchi et al. 2011).",
  options: {
    learningRate: learningRate(0.001),
    initialAccumulatorValue: z.number().min(0).default(0.1).describe("What the sum begins with."),
    epsilon,
  },
  slots: ({ initialAccumulatorValue }) => ({ accumulator: initialAccumulatorValue }),
  scalars: (_options, { learningRate }) => ({ rate: learningRate }),
  update: (options, { value, gradient }, slots, { rate }) => {
    const accumulator = (slots.accumulator as tf.Tensor).add(gradient.square());
    const move = gradient.mul(rate as tf.Scalar).div(accumulator.add(options.epsilon).sqrt());
    return { value: value.sub(move), slots: { accumulator } };
  },
});
