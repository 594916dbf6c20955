import { type Seeds, statelessUniform } from "../../runtime/stateless-random";
import type { tf } from "../../runtime/tf";
import { deriveSeed } from "../../shared/derive-seed";

/**
 * Seeds for one of several draws, named `name`. Only the first number is changed, so that the second may stand for the
 * step wherever steps are told apart.
 */
export function deriveSeeds([first, second]: Seeds, name: string): Seeds {
  return [deriveSeed(first, name), second];
}

/** `[count]`, float32: a number for each image, uniform in [low, high), from `seeds` and the draw's name alone. */
export function drawUniform(count: number, low: number, high: number, seeds: Seeds, name: string): tf.Tensor1D {
  const unit = statelessUniform([count], deriveSeeds(seeds, name)) as tf.Tensor1D;
  return unit.mul<tf.Tensor1D>(high - low).add(low);
}

/** `[count]` numbers as `[count, 1, 1, 1]`, to go with a batch of images. */
export function perImage(values: tf.Tensor): tf.Tensor4D {
  return values.reshape([-1, 1, 1, 1]);
}
