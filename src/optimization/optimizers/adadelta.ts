import type { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { movingAverage } from "./moving-average";
import { decay, epsilon, learningRate } from "./optimizer-options";

export const adadelta = defineOptimizer({
  type: "adadelta",
  description:
    "Steps as large as recent ones, over recent gradients (Zeiler 2012); the paper's own learning rate is 1, the default is Keras's.",
  options: {
    learningRate: learningRate(0.001),
    rho: decay(0.95, "Decay of both moving averages."),
    epsilon,
  },
  slots: () => ({ squaredGradient: 0, squaredMove: 0 }),
  scalars: (_options, { learningRate }) => ({ rate: learningRate }),
  update: ({ rho, epsilon }, { value, gradient }, slots, { rate }) => {
    const root = (x: tf.Tensor) => x.add(epsilon).sqrt();
    const squaredGradient = movingAverage(slots.squaredGradient as tf.Tensor, gradient.square(), 1 - rho);
    const before = slots.squaredMove as tf.Tensor;
    const move = gradient.mul(root(before)).div(root(squaredGradient));
    const squaredMove = movingAverage(before, move.square(), 1 - rho);
    return { value: value.sub(move.mul(rate as tf.Scalar)), slots: { squaredGradient, squaredMove } };
  },
});
