import type { z } from "zod";
import type { tf } from "../../runtime/tf";

/** What a metric is built for. */
export interface MetricContext {
  /** Number of classes; undefined for values. A single sigmoid unit has 2. */
  readonly classes: number | undefined;
  /** Width of the model's output: `classes`, 1 for a single sigmoid unit, or the number of values. */
  readonly outputWidth: number;
  /** Whether there is a class to predict at each step of a sequence: then `createMetric` counts steps. */
  readonly isSequence?: boolean;
  /** Names of the classes, where a metric needs them (of a language model, what each token stands for). */
  readonly labels?: readonly string[] | undefined;
}

/**
 * A metric over any number of batches: a batch gives a vector of additive statistics, the statistics of an epoch are
 * their sum, and `result` makes the figure of the sum. So an engine can add up wherever it likes, on the device or not.
 */
export interface Metric {
  /** As it appears in history and output: `accuracy`, `top3Accuracy`. */
  readonly name: string;
  /** Whether higher is better: decides `mode: "auto"` of early stopping. */
  readonly isHigherBetter: boolean;
  /** Length of the statistics vector. */
  readonly statisticsLength: number;
  /**
   * Statistics of a batch, float32 `[statisticsLength]`. Targets: class indices int32 `[batch]`, where -1 does
   * not count, or values `[batch, width]`; outputs `[batch, width]` as the model gives them. Of sequences, a step is what an
   * example is here. Counts must stay exact in float32 for a batch. For use inside tf.tidy.
   */
  statistics(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor1D;
  /** The figure; NaN where it is not defined (no examples). */
  result(sums: Float64Array): number;
}

/** One kind of metric, whole. */
export interface MetricDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** One sentence with the formula, for the docs. */
  readonly description: string;
  readonly options: Options;
  /** What it can measure. */
  readonly targets: "class" | "values";
  create(options: z.output<z.ZodObject<Options>>, context: MetricContext): Metric;
}

/** Lets TypeScript infer the options of a definition. */
export function defineMetric<const Type extends string, Options extends z.ZodRawShape>(
  definition: MetricDefinition<Type, Options>,
): MetricDefinition<Type, Options> {
  return definition;
}
