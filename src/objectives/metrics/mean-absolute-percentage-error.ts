import { defineMetric } from "./define-metric";
import { meanFigure } from "./mean-figure";

export const meanAbsolutePercentageError = defineMetric({
  type: "meanAbsolutePercentageError",
  description: "100 times the mean of |y - x| / max(|y|, 1e-7) over examples and outputs.",
  options: {},
  targets: "values",
  create: () =>
    meanFigure("meanAbsolutePercentageError", (targets, outputs) =>
      outputs.sub(targets).abs().div(targets.abs().maximum(1e-7)).mul(100),
    ),
});
