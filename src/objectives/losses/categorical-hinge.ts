import { tf } from "../../runtime/tf";
import { defineLoss } from "./define-loss";

export const categoricalHinge = defineLoss({
  type: "categoricalHinge",
  description: "max(1 + max((1 - y) x) - sum(y x), 0): the true class's output should lead by 1.",
  options: {},
  targets: ["oneHot"],
  perExample: (_options, targets, outputs) => {
    const own = targets.mul(outputs).sum(-1);
    const best = tf.sub(1, targets).mul(outputs).max(-1);
    return best.sub(own).add(1).relu().as1D();
  },
});
