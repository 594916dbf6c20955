import { tf } from "../../runtime/tf";

interface NormalizedBatch {
  /** (x - mean) / sqrt(variance + epsilon) * gamma + beta; its gradient takes the statistics as functions of x. */
  readonly output: tf.Tensor;
  /** Over all axes but the last one, without gradient. */
  readonly mean: tf.Tensor;
  /** The biased one: divided by the number of values, as in Keras. */
  readonly variance: tf.Tensor;
}

/**
 * Batch normalization in training over all axes of `x` but the last one (Ioffe and Szegedy, 2015), with the closed form
 * of its gradient. `gamma` and `beta` are 1 and 0 where absent. For use inside tf.tidy.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
  epsilon: number,
): NormalizedBatch {
  const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
  const channels = [x.shape.at(-1) as number];
  const count = x.size / (channels[0] as number);
  let statistics: Pick<NormalizedBatch, "mean" | "variance"> | undefined;
  const normalize = tf.customGrad((...given) => {
    const [input, factor, shift] = given as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    const mean = tf.mean(input, axes);
    const centred = tf.sub(input, mean);
    const variance = tf.mean(tf.square(centred), axes);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const normal = tf.mul(centred, inverse);
    // Kept past the end of this function; the caller's tidy does not know them, so they are disposed below.
    statistics = { mean: tf.keep(mean), variance: tf.keep(variance) };
    const save = given.at(-1) as unknown as tf.GradSaveFunc;
    save([normal, inverse, factor]);
    return {
      value: tf.add(tf.mul(normal, factor), shift),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [normal, inverse, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const shiftGradient = tf.sum(dy, axes);
        const factorGradient = tf.sum(tf.mul(dy, normal), axes);
        const correction = tf.add(shiftGradient, tf.mul(normal, factorGradient));
        const inputGradient = tf.mul(tf.sub(dy, tf.div(correction, count)), tf.mul(factor, inverse));
        return [inputGradient, factorGradient, shiftGradient];
      },
    };
  });
  const output = normalize(x, gamma ?? tf.ones(channels), beta ?? tf.zeros(channels));
  const { mean, variance } = statistics as Pick<NormalizedBatch, "mean" | "variance">;
  // A clone in the caller's scope takes the place of what was kept.
  const scoped = { mean: mean.clone(), variance: variance.clone() };
  mean.dispose();
  variance.dispose();
  return { output, ...scoped };
}
