import { binaryCrossentropyOf } from "./binary-log-loss";
import { defineLoss } from "./define-loss";
import { labelSmoothing, smoothBinary } from "./label-smoothing";

export const binaryCrossentropy = defineLoss({
  type: "binaryCrossentropy",
  description:
    "Mean over the outputs of -(y log p + (1 - y) log(1 - p)): for one sigmoid unit, or several that are a yes or no each.",
  options: {
    labelSmoothing: labelSmoothing.describe("Moves the targets towards 0.5: y (1 - s) + s / 2."),
  },
  targets: ["oneHot", "values"],
  activation: "sigmoid",
  perExample: (options, targets, outputs) =>
    binaryCrossentropyOf(smoothBinary(targets, options.labelSmoothing), outputs).mean(-1).as1D(),
});
