import { tf } from "../../runtime/tf";
import { countedTargets } from "../steps";
import { defineMetric } from "./define-metric";
import { logLossSum } from "./log-loss-sums";
import { ratio } from "./ratio";

export const perplexity = defineMetric({
  type: "perplexity",
  description:
    "exp of the mean of -log p(class), over all steps of all sequences: as unsure as a choice among so many equal ones.",
  options: {},
  targets: "class",
  create: () => ({
    name: "perplexity",
    isHigherBetter: false,
    statisticsLength: 2,
    statistics: (targets, outputs) => tf.stack([logLossSum(targets, outputs), countedTargets(targets).sum()]).as1D(),
    result: ([nats, count]) => Math.exp(ratio(nats, count)),
  }),
});
