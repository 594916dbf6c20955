import { tf } from "../runtime/tf";
import type { Completeness } from "./explanation";
import type { Place } from "./place";

/** The map is as good as complete when its sum is this near, relative to what it has to be. */
const tolerance = 0.01;
const fewestSteps = 32;
const mostSteps = 512;
/** Points of the path that are computed at once. */
const chunk = 16;

interface Attribution {
  /** Of `place.value`'s shape, without the batch's axis, row-major. */
  readonly values: Float32Array;
  readonly completeness: Completeness;
}

/**
 * Integrated gradients: (x - baseline) times the mean of the score's gradient on the straight path between them, "Axiomatic
 * attribution for deep networks" (Sundararajan et al., 2017). The mean is taken at the middles of 32 parts of the path and
 * then of twice as many, until the sum is within 1 % of the difference of the scores, or there are 512.
 */
export function integratedGradients(place: Place, signal?: AbortSignal): Attribution {
  const difference = differenceOf(place);
  for (let steps = fewestSteps; ; steps *= 2) {
    const values = attribute(place, steps, signal);
    const sum = values.reduce((total, value) => total + value, 0);
    const isNear = Math.abs(sum - difference) <= tolerance * Math.abs(difference);
    if (isNear || steps >= mostSteps) return { values, completeness: { sum, difference, steps } };
  }
}

function differenceOf({ value, baseline, scores }: Place): number {
  const [input = 0, nothing = 0] = tf.tidy(() => scores(tf.concat([value, baseline])).dataSync());
  return input - nothing;
}

function attribute({ value, baseline, scores }: Place, steps: number, signal: AbortSignal | undefined): Float32Array {
  // Parts are small near the baseline, where normalizing layers change all at once.
  const edge = (part: number) => (part / steps) ** 3;
  const distance = tf.tidy(() => value.sub(baseline));
  let sum: tf.Tensor = tf.tidy(() => tf.zerosLike(value));
  try {
    for (let start = 0; start < steps; start += chunk) {
      signal?.throwIfAborted();
      const before = sum;
      sum = tf.tidy(() => {
        const count = Math.min(chunk, steps - start);
        const form = [count, ...value.shape.slice(1).map(() => 1)];
        const partsOf = (of: (part: number) => number) =>
          tf.tensor(
            Float32Array.from({ length: count }, (_, index) => of(start + index)),
            form,
          );
        const points = baseline.add(distance.mul(partsOf((part) => (edge(part) + edge(part + 1)) / 2)));
        const gradients = tf.grad((x: tf.Tensor) => scores(x).sum())(points);
        return before.add(gradients.mul(partsOf((part) => edge(part + 1) - edge(part))).sum(0, true));
      });
      before.dispose();
    }
    return tf.tidy(() => sum.mul(distance).dataSync()) as Float32Array;
  } finally {
    tf.dispose([distance, sum]);
  }
}
