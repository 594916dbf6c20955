import { z } from "zod";
import { tf } from "../../runtime/tf";
import { countedTargets } from "../steps";
import { defineMetric } from "./define-metric";
import { ratio } from "./ratio";

export const topKAccuracy = defineMetric({
  type: "topKAccuracy",
  description:
    "Share of the examples whose class is among the k highest outputs; equal outputs share their best place.",
  options: { k: z.int().positive().default(5).describe("How many guesses count; `top3Accuracy` is short for k = 3.") },
  targets: "class",
  create: ({ k }) => ({
    name: `top${k}Accuracy`,
    isHigherBetter: true,
    statisticsLength: 2,
    statistics: (targets, outputs) => {
      // A single unit's two classes are equal to it and its complement.
      const scores = outputs.shape.at(-1) === 1 ? tf.concat([tf.sub(1, outputs), outputs], -1) : outputs;
      const own = tf
        .oneHot(targets.toInt(), scores.shape.at(-1) ?? 1)
        .toFloat()
        .mul(scores)
        .sum(-1, true);
      // Not "greater": a NaN is then ahead of everything instead of behind it.
      const ahead = scores.lessEqual(own).logicalNot().toFloat().sum(-1);
      const counted = countedTargets(targets);
      return tf.stack([ahead.less(k).toFloat().mul(counted).sum(), counted.sum()]).as1D();
    },
    result: ([hits, count]) => ratio(hits, count),
  }),
});
