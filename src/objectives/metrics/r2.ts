import { tf } from "../../runtime/tf";
import { defineMetric } from "./define-metric";

/** Rows of the statistics, each as wide as the output. */
const rows = ["count", "shift", "rest", "shiftSquared", "crossHigh", "crossLow", "restSquared", "residual"] as const;

/**
 * R² needs the sum of (y - mean)^2 over all batches, where the mean is only known at the end. Sums of y and y^2 would lose it to
 * float32's rounding when the mean is large against the spread (years, prices). So each batch writes y as `shift +
 * rest`, shift being its mean rounded to 6 bits, and gives the terms of `sum(y^2) = count shift^2 + 2 shift sum(rest) +
 * sum(rest^2)` apart: the first two are exact in float32 (few bits times few bits; sum(rest) in two halves), the last
 * is small. They are joined in double precision.
 */
export const r2 = defineMetric({
  type: "r2",
  description:
    "Coefficient of determination, 1 - sum((y - x)^2) / sum((y - mean)^2), the mean over the outputs; 1 is perfect, 0 is as good as the mean. Not defined where the targets do not vary.",
  options: {},
  targets: "values",
  create: (_options, { outputWidth }) => ({
    name: "r2",
    isHigherBetter: true,
    statisticsLength: rows.length * outputWidth,
    statistics: (targets, outputs) => {
      const count = tf.fill([outputWidth], targets.shape[0] ?? 0);
      const shift = leadingBits(targets.mean(0), 6);
      const rest = targets.sub(shift);
      const restSum = rest.sum(0);
      const high = leadingBits(restSum, 12);
      return tf.concat([
        count,
        count.mul(shift),
        restSum,
        count.mul(shift.square()),
        shift.mul(high),
        shift.mul(restSum.sub(high)),
        rest.square().sum(0),
        outputs.sub(targets).square().sum(0),
      ]) as tf.Tensor1D;
    },
    result: (sums) => {
      const scores = Array.from({ length: outputWidth }, (_, output) => score(sums, output, outputWidth));
      return scores.reduce((total, value) => total + value, 0) / outputWidth;
    },
  }),
});

/** `x` rounded to `bits` binary digits (Veltkamp's splitting): what is taken away is exact as well. */
function leadingBits(x: tf.Tensor, bits: number): tf.Tensor {
  const scaled = x.mul(2 ** (24 - bits) + 1);
  return scaled.sub(scaled.sub(x));
}

function score(sums: Float64Array, output: number, width: number): number {
  const row = (name: (typeof rows)[number]) => sums[rows.indexOf(name) * width + output] ?? 0;
  const sum = row("shift") + row("rest");
  const squares = row("shiftSquared") + 2 * (row("crossHigh") + row("crossLow")) + row("restSquared");
  const spread = squares - sum ** 2 / row("count");
  // What is left of float32's rounding when all targets are the same.
  const rounding = 1e-10 * squares;
  return spread > rounding ? 1 - row("residual") / spread : Number.NaN;
}
