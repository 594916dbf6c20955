import { z } from "zod";
import type { tf } from "../../runtime/tf";
import type { StepScalars } from "./define-optimizer";
import { movingAverage } from "./moving-average";
import type { AdamUpdate, NativeUpdate } from "./native-update";
import { decay, epsilon } from "./optimizer-options";

export const adamOptions = {
  beta1: decay(0.9, "Decay of the moving average of gradients."),
  beta2: decay(0.999, "Decay of the moving average of squared gradients."),
  epsilon,
  amsgrad: z.boolean().default(false).describe("Never let the average of squared gradients fall (Reddi et al. 2018)."),
};

interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
}

export function adamSlots({ amsgrad }: AdamOptions): Record<string, number> {
  return amsgrad ? { mean: 0, square: 0, largestSquare: 0 } : { mean: 0, square: 0 };
}

/** Keras puts both bias corrections into the rate. */
export function adamRate({ beta1, beta2 }: AdamOptions, at: { learningRate: number; step: number }): StepScalars {
  return { rate: (at.learningRate * Math.sqrt(1 - beta2 ** at.step)) / (1 - beta1 ** at.step) };
}

/** Adam (Kingma and Ba 2015) as in Keras: epsilon is added to the root that is not corrected. */
export function adamStep(
  { beta1, beta2, epsilon, amsgrad }: AdamOptions,
  { value, gradient }: { readonly value: tf.Tensor; readonly gradient: tf.Tensor },
  slots: Readonly<Record<string, tf.Tensor>>,
  rate: tf.Scalar,
): { readonly value: tf.Tensor; readonly slots: Readonly<Record<string, tf.Tensor>> } {
  const mean = movingAverage(slots.mean as tf.Tensor, gradient, 1 - beta1);
  const square = movingAverage(slots.square as tf.Tensor, gradient.square(), 1 - beta2);
  const updated = amsgrad
    ? { mean, square, largestSquare: square.maximum(slots.largestSquare as tf.Tensor) }
    : { mean, square };
  const scale = (updated.largestSquare ?? square).sqrt().add(epsilon);
  return { value: value.sub(mean.mul(rate).div(scale)), slots: updated };
}

/** The op computes 1 - beta2 in float32, which scales the average of squares by the square of this while it is young. */
const floatCorrection = (beta2: number) => Math.sqrt((1 - Math.fround(beta2)) / (1 - beta2));

/** TensorFlow's Adam takes powers of the decays and corrects the rate itself; with powers of 0 the rate is used as it is. */
export function nativeAdam({ beta1, beta2, epsilon, amsgrad }: AdamOptions): NativeUpdate | undefined {
  if (amsgrad) return undefined;
  return {
    op: "ResourceApplyAdam",
    inputs: [
      "variable",
      { slot: "mean" },
      { slot: "square" },
      { constant: 0 },
      { constant: 0 },
      { scalar: "rate", times: floatCorrection(beta2) },
      { constant: beta1 },
      { constant: beta2 },
      { constant: epsilon },
      "gradient",
    ],
    booleans: { use_nesterov: false },
  };
}

/** With the numbers that TensorFlow's Adam computes with, so that slots are the same whether or not our own operations are there. */
export function ownAdam({ beta1, beta2, epsilon, amsgrad }: AdamOptions): AdamUpdate | undefined {
  if (amsgrad) return undefined;
  return {
    meanShare: 1 - Math.fround(beta1),
    squareShare: 1 - Math.fround(beta2),
    epsilon,
    rate: { scalar: "rate", times: floatCorrection(beta2) },
  };
}
