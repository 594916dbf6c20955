import { z } from "zod";
import { tf } from "../../runtime/tf";
import { binaryCrossentropyOf } from "./binary-log-loss";
import { defineLoss } from "./define-loss";
import { labelSmoothing, smoothBinary } from "./label-smoothing";

export const binaryFocalCrossentropy = defineLoss({
  type: "binaryFocalCrossentropy",
  description:
    "binaryCrossentropy with each term weighted by (1 - p of the truth)^gamma, so that easy examples count little (Lin et al. 2017).",
  options: {
    gamma: z.number().min(0).default(2).describe("How much easy examples are held down; 0: not at all."),
    alpha: z.number().min(0).max(1).default(0.25).describe("Weight of y = 1, and 1 - alpha of y = 0."),
    applyClassBalancing: z.boolean().default(false).describe("Whether alpha is applied."),
    labelSmoothing: labelSmoothing.describe("Moves the targets towards 0.5: y (1 - s) + s / 2."),
  },
  targets: ["oneHot", "values"],
  activation: "sigmoid",
  perExample: (options, targets, outputs) => {
    const y = smoothBinary(targets, options.labelSmoothing);
    const truth = y.mul(outputs).add(tf.sub(1, y).mul(tf.sub(1, outputs)));
    const focused = tf.sub(1, truth).pow(options.gamma).mul(binaryCrossentropyOf(y, outputs));
    if (!options.applyClassBalancing) return focused.mean(-1).as1D();
    const balance = y.mul(options.alpha).add(tf.sub(1, y).mul(1 - options.alpha));
    return focused.mul(balance).mean(-1).as1D();
  },
});
