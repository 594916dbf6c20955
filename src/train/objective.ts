import type { Config } from "../config/config-schema";
import type { ExampleTargets } from "../data/example-set";
import { bindLoss, type LossConfig, lossSchema, targetEncoding } from "../objectives/loss-config";
import type { BoundLoss } from "../objectives/losses/define-loss";
import { createMetric, type MetricConfig, metricSchema, metricTargets } from "../objectives/metric-config";
import type { Metric } from "../objectives/metrics/define-metric";
import { ConfigError, type ConfigProblem } from "../shared/errors";
import { formatShape, type Shape } from "../shared/shape";

/** What is minimized and what is measured, for the model's output and the data's targets. */
export interface Objective {
  readonly loss: BoundLoss;
  readonly metrics: readonly Metric[];
  /** Width of the model's output: one for each class or value, or 1 for the sigmoid unit of two classes. */
  readonly outputWidth: number;
}

/**
 * Chooses loss and metrics by the config, or by targets and output where it states none. Throws ConfigError naming the last
 * layer when its output does not fit the targets, and for a loss or metric that is not for such targets.
 */
export function createObjective({ model, train }: Config, targets: ExampleTargets, outputShape: Shape): Objective {
  const isClass = targets.kind === "class";
  const names = isClass ? targets.labels : targets.names;
  const outputWidth = requireOutput(outputShape, isClass, names.length, `model.layers[${model.layers.length - 1}]`);
  const isSingleUnit = isClass && outputWidth === 1;
  const lossConfig = train.loss ?? defaultLoss(isClass, isSingleUnit);
  // A single unit takes the two classes as 0 and 1: what is for several outputs only would take it for one class.
  const isFit = !isSingleUnit || targetEncoding(lossConfig, "values") !== undefined;
  const encoding = isFit ? targetEncoding(lossConfig, targets.kind) : undefined;
  const kind = isClass ? "class labels" : "numbers";
  const problems: ConfigProblem[] = [];
  if (!encoding) {
    const message = isSingleUnit
      ? `${lossConfig.type} is not for a single output unit`
      : `${lossConfig.type} is not for targets that are ${kind}`;
    problems.push({ path: "train.loss", message });
  }
  const metricConfigs = train.metrics ?? [metricSchema.parse(isClass ? "accuracy" : "meanAbsoluteError")];
  const context = { classes: isClass ? names.length : undefined, outputWidth };
  const metrics: Metric[] = [];
  metricConfigs.forEach((config: MetricConfig, index) => {
    const path = `train.metrics[${index}]`;
    if (metricTargets(config) !== targets.kind) {
      problems.push({ path, message: `${config.type} is not for targets that are ${kind}` });
      return;
    }
    const metric = createMetric(config, context);
    if (metrics.some(({ name }) => name === metric.name)) {
      problems.push({ path, message: `${metric.name} is there twice` });
    }
    metrics.push(metric);
  });
  if (!encoding || problems.length > 0) {
    throw new ConfigError(problems, { hint: "Take it away to get the default, or name one that fits." });
  }
  return { loss: bindLoss(lossConfig, encoding), metrics, outputWidth };
}

function defaultLoss(isClass: boolean, isSingleUnit: boolean): LossConfig {
  if (!isClass) return lossSchema.parse("meanSquaredError");
  return lossSchema.parse(isSingleUnit ? "binaryCrossentropy" : "categoricalCrossentropy");
}

function requireOutput(shape: Shape, isClass: boolean, count: number, path: string): number {
  const width = shape[1];
  const isFlat = shape.length === 2 && typeof width === "number";
  if (isFlat && (width === count || (isClass && count === 2 && width === 1))) return width;
  const what = isClass ? `${count} classes` : `${count} target ${count === 1 ? "value" : "values"}`;
  const message = `the last layer puts out ${formatShape(shape)}, and for ${what} it must be ${formatShape([null, count])}`;
  throw new ConfigError([{ path, message }], {
    hint: isClass
      ? 'End the stack with { "type": "dense", "units": "classes", "activation": "softmax" }, after flatten or a global pooling where the input has more axes.'
      : `End the stack with { "type": "dense", "units": ${count} }, after flatten or a global pooling where the input has more axes.`,
  });
}
