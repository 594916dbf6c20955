import { tf } from "../../runtime/tf";
import { defineLoss } from "./define-loss";
import { hingeTargets } from "./hinge-targets";

export const hinge = defineLoss({
  type: "hinge",
  description:
    "Mean over the outputs of max(1 - y x, 0), y being -1 or 1 (0 is taken as -1): for a tanh or linear output.",
  options: {},
  targets: ["oneHot", "values"],
  perExample: (_options, targets, outputs) => tf.sub(1, hingeTargets(targets).mul(outputs)).relu().mean(-1).as1D(),
});
