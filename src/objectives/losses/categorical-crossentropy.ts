import { categoricalCrossentropyOf } from "./categorical-log-loss";
import { defineLoss } from "./define-loss";
import { labelSmoothing } from "./label-smoothing";

export const categoricalCrossentropy = defineLoss({
  type: "categoricalCrossentropy",
  description: "Cross-entropy of class probabilities, -sum(y log p): for a softmax over two or more classes.",
  options: { labelSmoothing },
  targets: ["oneHot", "index"],
  activation: "softmax",
  perExample: (options, targets, outputs) => categoricalCrossentropyOf(targets, outputs, options.labelSmoothing),
});
