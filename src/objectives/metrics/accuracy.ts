import { z } from "zod";
import { tf } from "../../runtime/tf";
import { countedTargets } from "../steps";
import { defineMetric } from "./define-metric";
import { predictedClasses } from "./predicted-classes";
import { ratio } from "./ratio";

export const threshold = z
  .number()
  .default(0.5)
  .describe("For a model with a single output unit: over this it says the second class.");

export const accuracy = defineMetric({
  type: "accuracy",
  description: "Share of the examples (of sequences: the steps) whose class gets the highest output.",
  options: { threshold },
  targets: "class",
  create: (options) => ({
    name: "accuracy",
    isHigherBetter: true,
    statisticsLength: 2,
    statistics: (targets, outputs) => {
      const hits = predictedClasses(outputs, options.threshold).equal(targets).toFloat();
      return tf.stack([hits.sum(), countedTargets(targets).sum()]).as1D();
    },
    result: ([hits, count]) => ratio(hits, count),
  }),
});
