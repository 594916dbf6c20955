import { categoricalCrossentropyOf } from "./categorical-log-loss";
import { defineLoss } from "./define-loss";
import { labelSmoothing } from "./label-smoothing";

export const sparseCategoricalCrossentropy = defineLoss({
  type: "sparseCategoricalCrossentropy",
  description: "The same as categoricalCrossentropy; its name in libraries where the targets are class numbers.",
  options: { labelSmoothing },
  targets: ["index", "oneHot"],
  activation: "softmax",
  perExample: (options, targets, outputs) => categoricalCrossentropyOf(targets, outputs, options.labelSmoothing),
});
