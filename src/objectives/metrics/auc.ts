import { z } from "zod";
import { tf } from "../../runtime/tf";
import { countedTargets } from "../steps";
import { areaUnderPrecisionRecall, areaUnderRoc } from "./curve-area";
import { defineMetric } from "./define-metric";

export const auc = defineMetric({
  type: "auc",
  description:
    "Area under the ROC (or precision-recall) curve, from evenly spaced thresholds as in Keras; for more than two classes the mean over each class against the rest. Outputs must be probabilities.",
  options: {
    curve: z
      .enum(["ROC", "PR"])
      .default("ROC")
      .describe("Which curve: receiver operating characteristic, or precision over recall."),
    thresholds: z.int().min(3).max(10_000).default(200).describe("Number of thresholds; more are more exact."),
  },
  targets: "class",
  create: ({ curve, thresholds }, { outputWidth }) => {
    // Two complementary outputs have one curve: the last class's.
    const columns = outputWidth > 2 ? outputWidth : 1;
    const half = columns * thresholds;
    return {
      name: "auc",
      isHigherBetter: true,
      statisticsLength: 2 * half,
      /** For each class, how many of its examples, then of the others', have a score that passes just so many thresholds. */
      statistics: (targets, outputs) => {
        const scores = columns === 1 ? outputs.slice([0, outputWidth - 1], [-1, 1]) : outputs;
        // A NaN has no bucket; it passes no threshold, and the loss tells of it.
        const passed = tf
          .where(scores.isNaN(), 0, scores)
          .mul(thresholds - 1)
          .ceil()
          .sub(1)
          .clipByValue(0, thresholds - 1);
        const isClass =
          columns === 1
            ? targets.toInt().greater(0).as2D(-1, 1).toFloat()
            : tf.oneHot(targets.toInt(), columns).toFloat();
        const offsets = tf.range(0, half, thresholds);
        const buckets = passed.add(offsets).toInt().as1D();
        const positive = isClass.as1D();
        const counted = countedTargets(targets).as2D(-1, 1).tile([1, columns]).as1D();
        return tf.concat([
          tf.bincount(buckets, positive, half),
          tf.bincount(buckets, counted.sub(positive) as tf.Tensor1D, half),
        ]);
      },
      result: (sums) => {
        const area = curve === "ROC" ? areaUnderRoc : areaUnderPrecisionRecall;
        const areas = Array.from({ length: columns }, (_, column) => {
          const [from, to] = [column * thresholds, (column + 1) * thresholds];
          return area(sums.subarray(from, to), sums.subarray(half + from, half + to));
        }).filter((value) => !Number.isNaN(value));
        // A class without examples, or with nothing else, has no curve.
        return areas.length ? areas.reduce((total, value) => total + value, 0) / areas.length : Number.NaN;
      },
    };
  },
});
