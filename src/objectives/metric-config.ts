import { type KindConfig, kindSchema } from "../shared/kind-schema";
import type { Metric, MetricContext, MetricDefinition } from "./metrics/define-metric";
import { metricDefinitions } from "./metrics/metric-definitions";
import { flattenSteps } from "./steps";

/** `"accuracy"` or `{ "type": "topKAccuracy", "k": 3 }`; TensorFlow.js's short names stand for the long ones. */
export const metricSchema = kindSchema(metricDefinitions, {
  acc: { type: "accuracy" },
  top2Accuracy: { type: "topKAccuracy", k: 2 },
  top3Accuracy: { type: "topKAccuracy", k: 3 },
  top5Accuracy: { type: "topKAccuracy", k: 5 },
  mae: { type: "meanAbsoluteError" },
  mse: { type: "meanSquaredError" },
  rmse: { type: "rootMeanSquaredError" },
  mape: { type: "meanAbsolutePercentageError" },
});

export type MetricConfig = KindConfig<typeof metricDefinitions>;

/** The metric with its options applied, for what the model puts out; of sequences, every step counts as an example does. */
export function createMetric(config: MetricConfig, context: MetricContext): Metric {
  const definition: MetricDefinition = metricDefinitions[config.type];
  const metric = definition.create(config, context);
  if (!context.isSequence) return metric;
  return {
    ...metric,
    statistics: (targets, outputs) => metric.statistics(targets.reshape([-1]), flattenSteps(outputs)),
  };
}

/** Whether a metric measures classes or values. */
export function metricTargets(config: MetricConfig): "class" | "values" {
  return metricDefinitions[config.type].targets;
}
