import { z } from "zod";
import { type Seeds, statelessUniform } from "../../runtime/stateless-random";
import { tf } from "../../runtime/tf";
import { defineAugmentation } from "./define-augmentation";
import { deriveSeeds } from "./draw";

export const mixup = defineAugmentation({
  type: "mixup",
  description:
    "Mixes each image and its target with the next of the (shuffled) batch, the last with the first: w x + (1 - w) x', with w drawn for each image from Beta(`alpha`, `alpha`) (Zhang et al., mixup: Beyond Empirical Risk Minimization, 2018).",
  options: {
    alpha: z
      .number()
      .min(0.01)
      .max(100)
      .default(0.2)
      .describe("Small: most images stay nearly whole; 1: w is uniform."),
  },
  apply({ alpha }, { inputs, targets }, seeds) {
    const weight = drawSymmetricBeta(inputs.shape[0], alpha, seeds);
    return { inputs: mix(inputs, weight), targets: mix(targets, weight) };
  },
});

function mix<Values extends tf.Tensor>(values: Values, weights: tf.Tensor1D): Values {
  const count = values.shape[0] as number;
  const rest = values.shape.slice(1);
  const first = values.slice([0, ...rest.map(() => 0)], [1, ...rest]);
  const next = tf.concat([values.slice([1, ...rest.map(() => 0)], [count - 1, ...rest]), first], 0);
  const weight = weights.reshape([-1, ...rest.map(() => 1)]);
  return next.add(values.sub(next).mul(weight)) as Values;
}

/**
 * `[count]` draws from Beta(alpha, alpha) in closed form, for any alpha: 1/2 + t / (2 sqrt(n + t^2)) with Student's t of
 * n = 2 alpha degrees of freedom, t = sqrt(n (u^(-2/n) - 1)) cos(2 pi v) (Bailey, Polar generation of random variates
 * with the t-distribution, 1994). Written with q = u^(1/alpha), so that nothing overflows when alpha is small.
 */
export function drawSymmetricBeta(count: number, alpha: number, seeds: Seeds): tf.Tensor1D {
  return tf.tidy(() => {
    const q = statelessUniform([count], deriveSeeds(seeds, "radius")).pow(1 / alpha);
    const cosine = statelessUniform([count], deriveSeeds(seeds, "angle"))
      .mul(2 * Math.PI)
      .cos();
    const rest = q.neg().add(1);
    // The constant keeps 0/0 (q underflows and the cosine is 0) from being NaN, and changes nothing else.
    const length = q.add(rest.mul(cosine.square())).add(1e-30).sqrt();
    return cosine.mul(rest.sqrt()).div<tf.Tensor1D>(length).mul<tf.Tensor1D>(0.5).add<tf.Tensor1D>(0.5);
  });
}
