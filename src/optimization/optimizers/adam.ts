import type { tf } from "../../runtime/tf";
import { adamOptions, adamRate, adamSlots, adamStep, nativeAdam, ownAdam } from "./adam-step";
import { defineOptimizer } from "./define-optimizer";
import { learningRate } from "./optimizer-options";

export const adam = defineOptimizer({
  type: "adam",
  description: "Moving averages of the gradients and of their squares decide each weight's step (Kingma and Ba 2015).",
  options: { learningRate: learningRate(0.001), ...adamOptions },
  slots: adamSlots,
  scalars: adamRate,
  update: (options, variable, slots, { rate }) => adamStep(options, variable, slots, rate as tf.Scalar),
  native: nativeAdam,
  adam: ownAdam,
});
