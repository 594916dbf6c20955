import { classFigureMetric, classFigureOptions } from "./class-counts";
import { defineMetric } from "./define-metric";

export const recall = defineMetric({
  type: "recall",
  description: "Share of the examples of a class that are found; 0 for a class without examples.",
  options: classFigureOptions,
  targets: "class",
  create: (options, context) => classFigureMetric("recall", options, context, ({ hits, actual }) => hits / actual),
});
