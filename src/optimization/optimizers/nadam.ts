import { tf } from "../../runtime/tf";
import { defineOptimizer } from "./define-optimizer";
import { movingAverage } from "./moving-average";
import { decay, epsilon, learningRate } from "./optimizer-options";

/** After this many steps 0.96^step is below double precision, and the momentum is beta1. */
const warmSteps = 1000;

export const nadam = defineOptimizer({
  type: "nadam",
  description: "Adam with Nesterov momentum, which grows from beta1 / 2 to beta1 over some hundred steps (Dozat 2016).",
  options: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, "Decay of the moving average of gradients."),
    beta2: decay(0.999, "Decay of the moving average of squared gradients."),
    epsilon,
  },
  slots: () => ({ mean: 0, square: 0 }),
  scalars: ({ beta1, beta2 }, { learningRate, step }) => {
    const momentum = (at: number) => beta1 * (1 - 0.5 * 0.96 ** at);
    let product = beta1 ** Math.max(0, step - warmSteps);
    for (let at = 1; at <= Math.min(step, warmSteps); at++) product *= momentum(at);
    const next = momentum(step + 1);
    return {
      meanShare: (learningRate * next) / (1 - product * next),
      gradientShare: (learningRate * (1 - momentum(step))) / (1 - product),
      squareCorrection: 1 / (1 - beta2 ** step),
    };
  },
  update: ({ beta1, beta2, epsilon }, { value, gradient }, slots, scalars) => {
    const { meanShare, gradientShare, squareCorrection } = scalars as Record<string, tf.Scalar>;
    const mean = movingAverage(slots.mean as tf.Tensor, gradient, 1 - beta1);
    const square = movingAverage(slots.square as tf.Tensor, gradient.square(), 1 - beta2);
    const push = mean.mul(meanShare as tf.Scalar).add(gradient.mul(gradientShare as tf.Scalar));
    const scale = tf.sqrt(square.mul(squareCorrection as tf.Scalar)).add(epsilon);
    return { value: value.sub(push.div(scale)), slots: { mean, square } };
  },
});
