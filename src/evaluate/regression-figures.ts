import { type Residuals, residualsOf } from "./residuals";

export interface RegressionFigures {
  /** Name of the target. */
  readonly name: string;
  /** Mean absolute error, in the target's unit. */
  readonly mae: number;
  /** Root of the mean squared error, in the target's unit. */
  readonly rmse: number;
  /** 1 - squared error / variance: 1 is perfect, 0 as good as always saying the mean; null where the target never varies. */
  readonly r2: number | null;
  readonly residuals: Residuals;
}

/** Figures of one target; both hold `[examples, width]`, row-major, and `column` says which target. */
export function regressionFigures(
  name: string,
  truth: Float32Array,
  predicted: Float32Array,
  column: number,
  width: number,
): RegressionFigures {
  const count = truth.length / width;
  let total = 0;
  for (let index = column; index < truth.length; index += width) total += truth[index] ?? 0;
  const mean = total / count;
  let absolute = 0;
  let squared = 0;
  let variation = 0;
  for (let index = column; index < truth.length; index += width) {
    const value = truth[index] ?? 0;
    const error = (predicted[index] ?? 0) - value;
    absolute += Math.abs(error);
    squared += error ** 2;
    variation += (value - mean) ** 2;
  }
  return {
    name,
    mae: absolute / count,
    rmse: Math.sqrt(squared / count),
    r2: variation === 0 ? null : 1 - squared / variation,
    residuals: residualsOf(columnOf(truth, column, width), columnOf(predicted, column, width)),
  };
}

function columnOf(values: Float32Array, column: number, width: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, index) => values[index * width + column] as number);
}
