import { defineMetric } from "./define-metric";
import { meanFigure } from "./mean-figure";

export const rootMeanSquaredError = defineMetric({
  type: "rootMeanSquaredError",
  description: "Square root of the mean of (y - x)^2 over examples and outputs.",
  options: {},
  targets: "values",
  create: () => meanFigure("rootMeanSquaredError", (targets, outputs) => outputs.sub(targets).square(), Math.sqrt),
});
