import type { tf } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

/** The exact GELU, x * Phi(x) with the normal distribution's Phi (Hendrycks and Gimpel, 2016), and its gradient in closed form. */
export function gelu(tf: Tf, x: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const share = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
    save([x, share]);
    return {
      value: tf.mul(x, share),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, share] = saved as [tf.Tensor, tf.Tensor];
        const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(share, tf.mul(x, density)));
      },
    };
  });
  return compute(x);
}
