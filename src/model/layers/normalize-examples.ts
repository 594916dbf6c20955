import { tf } from "../../runtime/tf";

/**
 * Layer normalization (Ba et al., 2016): (x - mean) / sqrt(variance + epsilon) * gamma + beta with mean and variance of each example over
 * `axes`, and the closed form of its gradient in x. `gamma` and `beta` have x's rank. For use inside tf.tidy.
 */
export function normalizeExamples(
  x: tf.Tensor,
  gamma: tf.Tensor | null,
  beta: tf.Tensor | null,
  axes: readonly number[],
  epsilon: number,
): tf.Tensor {
  const meanOf = (values: tf.Tensor) => tf.mean(values, [...axes], true);
  const normalize = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const centred = tf.sub(x, meanOf(x));
    const inverse = tf.rsqrt(tf.add(meanOf(tf.square(centred)), epsilon));
    const normal = tf.mul(centred, inverse);
    save([normal, inverse]);
    return {
      value: normal,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [normal, inverse] = saved as [tf.Tensor, tf.Tensor];
        const correction = tf.add(meanOf(dy), tf.mul(normal, meanOf(tf.mul(dy, normal))));
        return tf.mul(tf.sub(dy, correction), inverse);
      },
    };
  });
  const normal = normalize(x);
  const scaled = gamma ? tf.mul(normal, gamma) : normal;
  return beta ? tf.add(scaled, beta) : scaled;
}
