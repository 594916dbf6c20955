import type { tf } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

export interface Normalization {
  readonly axes: readonly number[];
  /** Added to the variance, or to the mean square. */
  readonly epsilon: number;
  /** Whether the mean is taken away first (layer normalization) or not (RMS normalization). */
  readonly isCentred: boolean;
}

/**
 * Layer normalization (Ba et al., 2016), (x - mean) / sqrt(variance + epsilon) * gamma + beta, or RMS normalization (Zhang and
 * Sennrich, 2019), x / sqrt(mean(x^2) + epsilon) * gamma, of each example over `axes`, with the closed form of the
 * gradient in x. `gamma` and `beta` have x's rank or are of the last axis. For use inside tf.tidy.
 */
export function normalizeExamples(
  tf: Tf,
  x: tf.Tensor,
  gamma: tf.Tensor | null,
  beta: tf.Tensor | null,
  { axes, epsilon, isCentred }: Normalization,
): tf.Tensor {
  const meanOf = (values: tf.Tensor) => tf.mean(values, [...axes], true);
  const normalize = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const centred = isCentred ? tf.sub(x, meanOf(x)) : x;
    const inverse = tf.rsqrt(tf.add(meanOf(tf.square(centred)), epsilon));
    const normal = tf.mul(centred, inverse);
    save([normal, inverse]);
    return {
      value: normal,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [normal, inverse] = saved as [tf.Tensor, tf.Tensor];
        const alongNormal = tf.mul(normal, meanOf(tf.mul(dy, normal)));
        const correction = isCentred ? tf.add(meanOf(dy), alongNormal) : alongNormal;
        return tf.mul(tf.sub(dy, correction), inverse);
      },
    };
  });
  const normal = normalize(x);
  const scaled = gamma ? tf.mul(normal, gamma) : normal;
  return beta ? tf.add(scaled, beta) : scaled;
}
