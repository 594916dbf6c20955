import { defineMetric } from "./define-metric";
import { meanFigure } from "./mean-figure";

export const meanAbsoluteError = defineMetric({
  type: "meanAbsoluteError",
  description: "Mean of |y - x| over examples and outputs.",
  options: {},
  targets: "values",
  create: () => meanFigure("meanAbsoluteError", (targets, outputs) => outputs.sub(targets).abs()),
});
