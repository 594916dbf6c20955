import type { ExampleSet } from "../data/example-set";
import type { CollectedResults, Collector } from "./collector";
import type { WorstValue } from "./evaluation";
import { Highest } from "./highest";
import { regressionFigures } from "./regression-figures";
import { bootstrap } from "./resampling/bootstrap";
import { sumsStatistic } from "./resampling/sums-statistic";
import { showExample } from "./show-example";

const worstShown = 10;

/** Collects the values that a model predicts, batch by batch; `count` examples will come. */
export class ValueCollector implements Collector {
  readonly wanted = "outputs";
  private readonly examples: Int32Array;
  private readonly truth: Float32Array;
  private readonly predicted: Float32Array;
  private done = 0;

  constructor(
    private readonly names: readonly string[],
    private readonly set: ExampleSet,
    private readonly options: { readonly count: number; readonly seed: number },
  ) {
    this.examples = new Int32Array(options.count);
    this.truth = new Float32Array(options.count * names.length);
    this.predicted = new Float32Array(options.count * names.length);
  }

  /** Both are `[examples, values]`. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void {
    const offset = this.done * this.names.length;
    this.examples.set(examples, this.done);
    this.truth.set(targets, offset);
    this.predicted.set(outputs, offset);
    this.done += examples.length;
  }

  results(): CollectedResults {
    const { names, truth, predicted } = this;
    const targets = names.map((name, column) => regressionFigures(name, truth, predicted, column, names.length));
    const statistics = names.map((name, column) => this.statistic(name, column));
    return {
      details: { kind: "values", targets, worst: this.worst(targets.map(({ rmse }) => rmse)) },
      confidence: bootstrap(statistics, { unit: "example", units: this.options.count, seed: this.options.seed }),
    };
  }

  private statistic(target: string, column: number) {
    const { names, truth, predicted } = this;
    const width = names.length;
    let total = 0;
    for (let index = column; index < truth.length; index += width) total += truth[index] as number;
    // Sums of squares far from 0 would lose their digits.
    const mean = total / this.options.count;
    return sumsStatistic({
      names: ["mae", "rmse", "r2"].map((figure) => ({ figure, target })),
      units: this.options.count,
      width: 5,
      add(unit, sums) {
        const value = truth[unit * width + column] as number;
        const error = (predicted[unit * width + column] as number) - value;
        const distance = value - mean;
        sums[0] = (sums[0] as number) + 1;
        sums[1] = (sums[1] as number) + Math.abs(error);
        sums[2] = (sums[2] as number) + error * error;
        sums[3] = (sums[3] as number) + distance;
        sums[4] = (sums[4] as number) + distance * distance;
      },
      figures(sums, values) {
        const [count, absolute, squared, distance, squaredDistance] = sums as unknown as [
          number,
          number,
          number,
          number,
          number,
        ];
        const variation = squaredDistance - distance ** 2 / count;
        values[0] = absolute / count;
        values[1] = Math.sqrt(squared / count);
        values[2] = variation > 0 ? 1 - squared / variation : Number.NaN;
      },
    });
  }

  private worst(units: readonly number[]): readonly WorstValue[] {
    const { names, set, examples } = this;
    const worst = new Highest<WorstValue>(worstShown);
    for (let index = 0; index < this.truth.length; index++) {
      const column = index % names.length;
      const [truth, predicted] = [this.truth[index] as number, this.predicted[index] as number];
      const unit = units[column] as number;
      if (unit === 0) continue;
      worst.offer(Math.abs(truth - predicted) / unit, () => {
        const shown = showExample(set, examples[Math.floor(index / names.length)] as number);
        return { ...shown, target: names[column] as string, truth, predicted };
      });
    }
    return worst.all;
  }
}
