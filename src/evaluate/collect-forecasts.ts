import type { ExampleInputs } from "../data/example-set";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { ErrorSums } from "./error-sums";
import type { ForecastDetails } from "./evaluation";

/** The columns that are forecast, in the data's own units: `values` is `[rows, names.length]`, row-major. */
export interface TargetRows {
  readonly names: readonly string[];
  readonly values: Float32Array;
}

interface ForecastData {
  readonly inputs: Extract<ExampleInputs, { kind: "window" }>;
  readonly rows: TargetRows;
  readonly horizon: number;
  readonly toOriginal: NonNullable<Preprocessing["toOriginal"]>;
}

interface TargetSums {
  readonly name: string;
  readonly all: ErrorSums;
  readonly steps: readonly ErrorSums[];
  readonly lastValue: ErrorSums;
  readonly lastHorizon: ErrorSums;
}

/**
 * Collects forecasts, batch by batch, and compares them with what came, in the data's own units: over all, by step, and beside two
 * forecasts that need no model, the last value and the last `horizon` values over again.
 */
export class ForecastCollector {
  private readonly sums: readonly TargetSums[];

  constructor(private readonly data: ForecastData) {
    const { rows, horizon } = data;
    this.sums = rows.names.map((name) => ({
      name,
      all: new ErrorSums(),
      steps: Array.from({ length: horizon }, () => new ErrorSums()),
      lastValue: new ErrorSums(),
      lastHorizon: new ErrorSums(),
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
    const next = (inputs.starts[example] ?? 0) + inputs.length;
    for (const [target, sums] of this.sums.entries()) {
      const valueAt = (row: number) => rows.values[row * rows.names.length + target] ?? Number.NaN;
      for (let step = 0; step < horizon; step++) {
        const truth = valueAt(next + step);
        const error = (predicted[step * rows.names.length + target] ?? Number.NaN) - truth;
        sums.all.add(error);
        sums.steps[step]?.add(error);
        sums.lastValue.add(valueAt(next - 1) - truth);
        if (this.hasLastHorizon) sums.lastHorizon.add(valueAt(next - horizon + step) - truth);
      }
    }
  }

  /** Whether a window is long enough to hold the last `horizon` values. */
  private get hasLastHorizon(): boolean {
    return this.data.horizon <= this.data.inputs.length;
  }

  details(): ForecastDetails {
    return {
      kind: "forecasts",
      horizon: this.data.horizon,
      targets: this.sums.map(({ name, all, steps, lastValue, lastHorizon }) => ({
        name,
        ...all.figures,
        steps: steps.map(({ figures }) => figures),
        naive: {
          lastValue: lastValue.figures,
          lastHorizon: this.hasLastHorizon ? lastHorizon.figures : null,
        },
      })),
    };
  }
}
