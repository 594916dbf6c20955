import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineLoss } from "./define-loss";
import { labelSmoothing, smoothClasses } from "./label-smoothing";
import { probabilityEpsilon } from "./probability-epsilon";

export const categoricalFocalCrossentropy = defineLoss({
  type: "categoricalFocalCrossentropy",
  description:
    "-sum(alpha (1 - p)^gamma y log p): categoricalCrossentropy in which easy examples count little (Lin et al. 2017).",
  options: {
    gamma: z.number().min(0).default(2).describe("How much easy examples are held down; 0: not at all."),
    alpha: z.number().positive().default(0.25).describe("Weight of every class."),
    labelSmoothing,
  },
  targets: ["oneHot"],
  activation: "softmax",
  perExample: (options, targets, outputs) => {
    const y = smoothClasses(targets, options.labelSmoothing);
    const p = outputs.div(outputs.sum(-1, true)).clipByValue(probabilityEpsilon, 1 - probabilityEpsilon);
    const focus = tf.sub(1, p).pow(options.gamma).mul(options.alpha);
    return focus.mul(y).mul(p.log()).sum(-1).neg().as1D();
  },
});
