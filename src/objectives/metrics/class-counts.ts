import { z } from "zod";
import { tf } from "../../runtime/tf";
import { countedTargets } from "../steps";
import { threshold } from "./accuracy";
import type { Metric, MetricContext } from "./define-metric";
import { predictedClasses } from "./predicted-classes";

/** Figures of one class: how often it was predicted rightly, predicted, and true. */
export interface ClassCounts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

export const classFigureOptions = {
  average: z
    .enum(["macro", "micro", "weighted", "binary"])
    .optional()
    .describe(
      "macro: the mean over the classes; micro: of all examples together; weighted: by the number of true examples; binary: of the last class alone. Default: binary for a single output unit, else macro.",
    ),
  threshold,
};

interface ClassFigureOptions {
  readonly average?: "macro" | "micro" | "weighted" | "binary" | undefined;
  readonly threshold: number;
}

/**
 * A metric made of each class's counts. `figure` gives a class's own; where it is 0 of 0 it counts as 0, as in
 * scikit-learn. Statistics: hits, predictions and true examples of each class, `[3 * classes]`.
 */
export function classFigureMetric(
  name: string,
  options: ClassFigureOptions,
  context: MetricContext,
  figure: (counts: ClassCounts) => number,
): Metric {
  const classes = context.classes ?? context.outputWidth;
  const average = options.average ?? (context.outputWidth === 1 ? "binary" : "macro");
  return {
    name,
    isHigherBetter: true,
    statisticsLength: 3 * classes,
    statistics: (targets, outputs) => {
      const counted = countedTargets(targets).expandDims(-1);
      const predicted = tf.oneHot(predictedClasses(outputs, options.threshold), classes).toFloat().mul(counted);
      const actual = tf.oneHot(targets.toInt(), classes).toFloat();
      return tf.concat([predicted.mul(actual).sum(0), predicted.sum(0), actual.sum(0)]).as1D();
    },
    result: (sums) => {
      const counts = Array.from({ length: classes }, (_, index): ClassCounts => {
        const [hits = 0, predicted = 0, actual = 0] = [0, 1, 2].map((row) => sums[row * classes + index]);
        return { hits, predicted, actual };
      });
      return averaged(average, counts, figure);
    },
  };
}

function averaged(
  average: "macro" | "micro" | "weighted" | "binary",
  counts: readonly ClassCounts[],
  figure: (counts: ClassCounts) => number,
): number {
  const total = sum(counts, ({ actual }) => actual);
  if (total === 0) return Number.NaN;
  const defined = (of: ClassCounts) => figure(of) || 0;
  switch (average) {
    case "macro":
      return sum(counts, defined) / counts.length;
    case "weighted":
      return sum(counts, (of) => defined(of) * of.actual) / total;
    case "micro":
      return defined({
        hits: sum(counts, ({ hits }) => hits),
        predicted: sum(counts, ({ predicted }) => predicted),
        actual: total,
      });
    case "binary":
      return defined(counts.at(-1) ?? { hits: 0, predicted: 0, actual: 0 });
  }
}

function sum(counts: readonly ClassCounts[], value: (of: ClassCounts) => number): number {
  return counts.reduce((total, of) => total + value(of), 0);
}
