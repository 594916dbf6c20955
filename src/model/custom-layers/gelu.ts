import type { tf } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

/** The exact GELU, x * Phi(x) with the normal distribution's Phi (Hendrycks and Gimpel, 2016), and its gradient in closed form. */
export function gelu(tf: Tf, x: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const y = tf.mul(x, Math.SQRT1_2);
    const share = tf.mul(tf.add(tf.erf(y), 1), 0.5);
    save([y, share]);
    return {
      value: tf.mul(x, share),
      // share + x * density, where x * density is y / sqrt(pi) * exp(-y^2).
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [y, share] = saved as [tf.Tensor, tf.Tensor];
        const scaledDensity = tf.exp(tf.sub(-0.5 * Math.log(Math.PI), tf.square(y)));
        return tf.mul(dy, tf.add(share, tf.mul(y, scaledDensity)));
      },
    };
  });
  return compute(x);
}
