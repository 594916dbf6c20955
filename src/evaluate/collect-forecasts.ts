import type { ExampleInputs } from "../data/example-set";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import type { CollectedResults, Collector } from "./collector";
import { ErrorSums } from "./error-sums";
import { ForecastSamples } from "./forecast-samples";
import { bootstrap } from "./resampling/bootstrap";
import { sumsStatistic } from "./resampling/sums-statistic";

/** The columns that are forecast, in the data's own units: `values` is `[rows, names.length]`, row-major. */
export interface TargetRows {
  readonly names: readonly string[];
  readonly values: Float32Array;
}

interface ForecastData {
  readonly inputs: Extract<ExampleInputs, { kind: "window" }>;
  readonly rows: TargetRows;
  readonly horizon: number;
  /** From one window to the next. */
  readonly stride: number;
  readonly toOriginal: NonNullable<Preprocessing["toOriginal"]>;
  origin(example: number): string;
  /** How many windows will come. */
  readonly count: number;
  readonly seed: number;
}

interface TargetSums {
  readonly name: string;
  readonly all: ErrorSums;
  readonly steps: readonly ErrorSums[];
  readonly lastValue: ErrorSums;
  readonly lastHorizon: ErrorSums;
  readonly samples: ForecastSamples;
  /** By block of windows: number of errors, their absolute values, their squares. */
  readonly blocks: Float64Array;
}

/**
 * Collects forecasts, batch by batch, and compares them with what came, in the data's own units: over all, by step, and beside two
 * forecasts that need no model, the last value and the last `horizon` values over again.
 */
export class ForecastCollector implements Collector {
  readonly wanted = "outputs";
  private readonly sums: readonly TargetSums[];
  /**
   * Forecasts that are less than the horizon apart share rows and err alike: twice that, or, where it is more, the cube root of
   * their number, by which blocks of any series are advised to grow (Kuensch, "The jackknife and the bootstrap for general stationary
   * observations", 1989).
   */
  private readonly windowsPerBlock: number;
  private readonly blocks: number;
  private done = 0;

  constructor(private readonly data: ForecastData) {
    const { rows, horizon, stride, count } = data;
    this.windowsPerBlock = Math.max(Math.ceil((2 * horizon) / stride), Math.ceil(Math.cbrt(count)));
    this.blocks = Math.ceil(count / this.windowsPerBlock);
    this.sums = rows.names.map((name) => ({
      name,
      all: new ErrorSums(),
      steps: Array.from({ length: horizon }, () => new ErrorSums()),
      lastValue: new ErrorSums(),
      lastHorizon: new ErrorSums(),
      samples: new ForecastSamples(count),
      blocks: new Float64Array(3 * this.blocks),
    }));
  }

  /** `outputs` is `[examples, horizon * targets]`, as the model gives them. */
  add(examples: Int32Array, _targets: ArrayLike<number>, outputs: Float32Array): void {
    const width = outputs.length / examples.length;
    for (const [index, example] of examples.entries()) {
      this.addForecast(example, outputs.subarray(index * width, (index + 1) * width));
    }
  }

  private addForecast(example: number, outputs: Float32Array): void {
    const { inputs, rows, horizon, toOriginal } = this.data;
    const predicted = toOriginal(outputs, inputs, example);
    const first = inputs.starts[example] ?? 0;
    const next = first + inputs.length;
    const block = 3 * Math.floor(this.done++ / this.windowsPerBlock);
    for (const [target, sums] of this.sums.entries()) {
      const valueAt = (row: number) => rows.values[row * rows.names.length + target] ?? Number.NaN;
      const values = (from: number, to: number) =>
        Float32Array.from({ length: to - from }, (_, at) => valueAt(from + at));
      const forecast = predicted.filter((_, index) => index % rows.names.length === target);
      let absolute = 0;
      for (let step = 0; step < horizon; step++) {
        const truth = valueAt(next + step);
        const error = (forecast[step] ?? Number.NaN) - truth;
        absolute += Math.abs(error);
        sums.all.add(error);
        sums.steps[step]?.add(error);
        sums.lastValue.add(valueAt(next - 1) - truth);
        if (this.hasLastHorizon) sums.lastHorizon.add(valueAt(next - horizon + step) - truth);
        sums.blocks[block + 2] = (sums.blocks[block + 2] as number) + error ** 2;
      }
      sums.blocks[block] = (sums.blocks[block] as number) + horizon;
      sums.blocks[block + 1] = (sums.blocks[block + 1] as number) + absolute;
      sums.samples.add(absolute / horizon, () => ({
        origin: this.data.origin(example),
        example,
        before: values(first, next),
        truth: values(next, next + horizon),
        predicted: forecast,
      }));
    }
  }

  /** Whether a window is long enough to hold the last `horizon` values. */
  private get hasLastHorizon(): boolean {
    return this.data.horizon <= this.data.inputs.length;
  }

  results(): CollectedResults {
    const { horizon, seed } = this.data;
    const targets = this.sums.map(({ name, all, steps, lastValue, lastHorizon, samples }) => ({
      name,
      ...all.figures,
      bias: all.bias,
      steps: steps.map(({ figures }) => figures),
      naive: {
        lastValue: lastValue.figures,
        lastHorizon: this.hasLastHorizon ? lastHorizon.figures : null,
      },
      samples: samples.all,
    }));
    const statistics = this.sums.map((sums) => this.statistic(sums));
    return {
      details: { kind: "forecasts", horizon, targets },
      confidence: bootstrap(statistics, { unit: "block of windows", units: this.blocks, seed }),
    };
  }

  private statistic({ name, blocks }: TargetSums) {
    return sumsStatistic({
      names: ["mae", "rmse"].map((figure) => ({ figure, target: name })),
      units: this.blocks,
      width: 3,
      add(block, sums) {
        for (let at = 0; at < 3; at++) sums[at] = (sums[at] as number) + (blocks[3 * block + at] as number);
      },
      figures([count = 0, absolute = 0, squared = 0], values) {
        values[0] = absolute / count;
        values[1] = Math.sqrt(squared / count);
      },
    });
  }
}
