import { classFigureMetric, classFigureOptions } from "./class-counts";
import { defineMetric } from "./define-metric";

export const precision = defineMetric({
  type: "precision",
  description: "Share of the predictions of a class that are right; 0 for a class that is never predicted.",
  options: classFigureOptions,
  targets: "class",
  create: (options, context) =>
    classFigureMetric("precision", options, context, ({ hits, predicted }) => hits / predicted),
});
