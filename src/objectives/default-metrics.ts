import type { Task } from "../data/example-set";
import { type MetricConfig, metricSchema } from "./metric-config";

const names: Record<Task, string> = {
  classification: "accuracy",
  regression: "meanAbsoluteError",
  forecasting: "meanAbsoluteError",
  tokens: "accuracy",
  languageModel: "perplexity",
};

/** What is measured where a config states no metrics. */
export function defaultMetrics(task: Task): MetricConfig[] {
  return [metricSchema.parse(names[task])];
}
