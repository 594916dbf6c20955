import type { Config } from "../config/config-schema";
import type { ExampleSet, ExampleTargets, Task } from "../data/example-set";
import { classLabels } from "../data/target-names";
import { specialTokens } from "../data/text/tokenizer-record";
import { defaultMetrics } from "../objectives/default-metrics";
import { bindLoss, type LossConfig, lossSchema, takesSequences, targetEncoding } from "../objectives/loss-config";
import type { BoundLoss } from "../objectives/losses/define-loss";
import { createMetric, type MetricConfig, metricTargets } from "../objectives/metric-config";
import type { Metric, MetricContext } from "../objectives/metrics/define-metric";
import { bindSequenceLoss } from "../objectives/sequence-loss";
import { ConfigError, type ConfigProblem } from "../shared/errors";
import type { Shape } from "../shared/shape";
import { taskOf } from "./infer-task";
import { requireOutput } from "./require-output";

/** What is minimized and what is measured, for the model's output and the data's targets. */
export interface Objective {
  readonly loss: BoundLoss;
  readonly metrics: readonly Metric[];
  /** Width of the model's output: one for each class or value, or 1 for the sigmoid unit of two classes. */
  readonly outputWidth: number;
}

/**
 * Chooses loss and metrics by the config, or by targets and output where it states none; `more` metrics are measured
 * beside them. Throws ConfigError naming the last layer when its output does not fit the targets, and for a loss or
 * metric that is not for such targets.
 */
export function createObjective(
  { model, train }: Config,
  predicted: Pick<ExampleSet, "targets" | "task">,
  outputShape: Shape,
  more: readonly MetricConfig[] = [],
): Objective {
  const { targets } = predicted;
  const task = taskOf(predicted);
  const path = `model.layers[${model.layers.length - 1}]`;
  const outputWidth = requireOutput(outputShape, { targets, task, path });
  const isSingleUnit = targets.kind !== "values" && outputWidth === 1;
  const lossConfig = train.loss ?? defaultLoss(targets.kind, isSingleUnit);
  const loss = chooseLoss(lossConfig, targets.kind, isSingleUnit);
  const kind = targets.kind === "values" ? "numbers" : "class labels";
  const problems: ConfigProblem[] = [];
  if (!loss) {
    const message = isSingleUnit
      ? `${lossConfig.type} is not for a single output unit`
      : `${lossConfig.type} is not for targets that are ${kind}`;
    problems.push({ path: "train.loss", message });
  }
  const context = metricContext(targets, task, outputWidth);
  const metrics: Metric[] = [];
  (train.metrics ?? defaultMetrics(task)).forEach((config, index) => {
    const path = `train.metrics[${index}]`;
    if (metricTargets(config) !== (targets.kind === "values" ? "values" : "class")) {
      problems.push({ path, message: `${config.type} is not for targets that are ${kind}` });
      return;
    }
    const metric = createMetric(config, context);
    if (metrics.some(({ name }) => name === metric.name)) {
      problems.push({ path, message: `${metric.name} is there twice` });
    }
    metrics.push(metric);
  });
  if (!loss || problems.length > 0) {
    throw new ConfigError(problems, { hint: "Take it away to get the default, or name one that fits." });
  }
  for (const metric of more.map((config) => createMetric(config, context))) {
    if (!metrics.some(({ name }) => name === metric.name)) metrics.push(metric);
  }
  return { loss, metrics, outputWidth };
}

function metricContext(targets: ExampleTargets, task: Task, outputWidth: number): MetricContext {
  const labels = classLabels(targets);
  return {
    classes: labels?.length,
    outputWidth,
    isSequence: targets.kind === "sequence",
    // What padding and the unknown token are called is no text of theirs.
    labels: task === "languageModel" ? labels?.map((label, id) => (id < specialTokens.length ? "" : label)) : labels,
  };
}

/** Undefined where the loss is not for such targets. */
function chooseLoss(config: LossConfig, kind: ExampleTargets["kind"], isSingleUnit: boolean): BoundLoss | undefined {
  // A single unit takes the two classes as 0 and 1: what is for several outputs only would take it for one class.
  if (isSingleUnit && targetEncoding(config, "values") === undefined) return undefined;
  if (kind === "sequence") return takesSequences(config) ? bindSequenceLoss(config) : undefined;
  const encoding = targetEncoding(config, kind);
  return encoding && bindLoss(config, encoding);
}

function defaultLoss(kind: ExampleTargets["kind"], isSingleUnit: boolean): LossConfig {
  if (kind === "values") return lossSchema.parse("meanSquaredError");
  return lossSchema.parse(isSingleUnit ? "binaryCrossentropy" : "categoricalCrossentropy");
}
