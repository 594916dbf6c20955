import { tf } from "../../runtime/tf";
import { countedTargets } from "../steps";
import { defineMetric } from "./define-metric";
import { logLossSum } from "./log-loss-sums";
import { ratio } from "./ratio";

export const bitsPerCharacter = defineMetric({
  type: "bitsPerCharacter",
  description:
    "Sum of -log2 p(token) over the number of characters that the tokens stand for: comparable between models with tokens of other lengths. A token without text of its own counts as one character.",
  options: {},
  targets: "class",
  create: (_options, { labels }) => {
    const lengths = labels && Float32Array.from(labels, (label) => Math.max(1, [...label].length));
    return {
      name: "bitsPerCharacter",
      isHigherBetter: false,
      statisticsLength: 2,
      statistics: (targets, outputs) => {
        const counted = countedTargets(targets);
        const characters = lengths
          ? tf.gather(tf.tensor1d(lengths), targets.maximum(tf.scalar(0, "int32")).toInt()).mul(counted)
          : counted;
        return tf.stack([logLossSum(targets, outputs), characters.sum()]).as1D();
      },
      result: ([nats, characters]) => ratio(nats, characters) / Math.LN2,
    };
  },
});
