import { tf } from "../../runtime/tf";
import { defineLoss } from "./define-loss";
import { hingeTargets } from "./hinge-targets";

export const squaredHinge = defineLoss({
  type: "squaredHinge",
  description: "Mean over the outputs of max(1 - y x, 0)^2, y being -1 or 1 (0 is taken as -1).",
  options: {},
  targets: ["oneHot", "values"],
  perExample: (_options, targets, outputs) =>
    tf.sub(1, hingeTargets(targets).mul(outputs)).relu().square().mean(-1).as1D(),
});
