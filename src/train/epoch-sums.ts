import type { z } from "zod";
import type { epochSumsSchema } from "../checkpoint/checkpoint-state";
import type { StepStatistics } from "../engine/engine";
import type { Metric } from "../objectives/metrics/define-metric";

/**
 * Statistics of many steps, added up in double precision in the order of the steps, so that a run that is resumed in the
 * middle of an epoch reports the same figures.
 */
export class EpochSums {
  private count = 0;
  private steps = 0;
  private weight = 0;
  private lossSum = 0;
  private penaltySum = 0;
  private readonly sums: Float64Array[];

  constructor(private readonly metrics: readonly Metric[]) {
    this.sums = metrics.map(({ statisticsLength }) => new Float64Array(statisticsLength));
  }

  /** Examples seen. */
  get examples(): number {
    return this.count;
  }

  add({ count, weight, lossSum, penalty, metrics }: StepStatistics): void {
    this.count += count;
    this.steps += 1;
    this.weight += weight;
    this.lossSum += lossSum;
    this.penaltySum += penalty * count;
    metrics.forEach((statistics, index) => {
      const sums = this.sums[index] as Float64Array;
      statistics.forEach((value, position) => {
        sums[position] = (sums[position] as number) + value;
      });
    });
  }

  /** The mean loss (with the penalties of regularizers, as Keras reports it) and the metrics, their names after `prefix`. */
  figures(prefix: "" | "val_" = ""): Record<string, number> {
    const loss = this.lossSum / this.weight + this.penaltySum / this.count;
    const figures: Record<string, number> = { [`${prefix}loss`]: loss };
    this.metrics.forEach((metric, index) => {
      figures[`${prefix}${metric.name}`] = metric.result(this.sums[index] as Float64Array);
    });
    return figures;
  }

  toJSON(): z.output<typeof epochSumsSchema> {
    const { count, steps, weight, lossSum, penaltySum, sums } = this;
    return { count, steps, weight, lossSum, penaltySum, metrics: sums.map((values) => [...values]) };
  }

  restore(stored: z.output<typeof epochSumsSchema>): void {
    this.count = stored.count;
    this.steps = stored.steps;
    this.weight = stored.weight;
    this.lossSum = stored.lossSum;
    this.penaltySum = stored.penaltySum;
    for (const [index, values] of stored.metrics.entries()) this.sums[index]?.set(values);
  }
}
