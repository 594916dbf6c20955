import { createMetric, type MetricConfig } from "../../objectives/metric-config";

/** The metric's name in history and output; it does not depend on the number of classes. */
export function metricName(config: MetricConfig): string {
  return createMetric(config, { classes: 2, outputWidth: 2 }).name;
}
