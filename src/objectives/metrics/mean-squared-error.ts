import { defineMetric } from "./define-metric";
import { meanFigure } from "./mean-figure";

export const meanSquaredError = defineMetric({
  type: "meanSquaredError",
  description: "Mean of (y - x)^2 over examples and outputs.",
  options: {},
  targets: "values",
  create: () => meanFigure("meanSquaredError", (targets, outputs) => outputs.sub(targets).square()),
});
