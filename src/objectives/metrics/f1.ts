import { classFigureMetric, classFigureOptions } from "./class-counts";
import { defineMetric } from "./define-metric";

export const f1 = defineMetric({
  type: "f1",
  description:
    "Harmonic mean of a class's precision and recall, 2 hits / (predicted + actual); averages are of classes' F1.",
  options: classFigureOptions,
  targets: "class",
  create: (options, context) =>
    classFigureMetric("f1", options, context, ({ hits, predicted, actual }) => (2 * hits) / (predicted + actual)),
});
