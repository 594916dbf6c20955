import { type SeedPair, statelessUniform } from "../../runtime/stateless-random";
import { tf } from "../../runtime/tf";
import { normalQuantile } from "./normal-quantile";

/** What the 23 random bits of a uniform float32 stand for: the middle of their interval, never 0 or 1. */
const halfStep = 2 ** -24;
/** Probability of a standard normal variable to lie below -2. */
const belowMinusTwo = 0.02275013194817921;

/**
 * Numbers of `shape`, each made by `transform` from a uniform one in (0, 1). The uniform numbers have the same bits on every
 * device and the rest is computed here, so the weights are the same everywhere. The caller disposes the tensor.
 */
function drawWith(transform: (uniform: number) => number, shape: number[], seeds: SeedPair): tf.Tensor {
  const uniform = statelessUniform(shape, seeds);
  try {
    const values = (uniform.dataSync() as Float32Array).map((value) => transform(value + halfStep));
    return tf.tensor(values, shape, "float32");
  } finally {
    uniform.dispose();
  }
}

/**
 * Uniform in [`low`, `high`). Two float32 operations are rounded alike on every device, so these run there: large kernels of dense
 * layers are drawn in a small part of the time.
 */
export function drawUniform(low: number, high: number, shape: number[], seeds: SeedPair): tf.Tensor {
  return tf.tidy(() => tf.add(tf.mul(statelessUniform(shape, seeds), high - low), low));
}

/** Normal. */
export const drawNormal = (mean: number, stddev: number, shape: number[], seeds: SeedPair) =>
  drawWith((uniform) => mean + stddev * normalQuantile(uniform), shape, seeds);

/** Normal with standard deviation `stddev` before everything more than two of them from the mean is cut off. */
export const drawTruncatedNormal = (mean: number, stddev: number, shape: number[], seeds: SeedPair) =>
  drawWith(
    (uniform) => mean + stddev * normalQuantile(belowMinusTwo + (1 - 2 * belowMinusTwo) * uniform),
    shape,
    seeds,
  );
