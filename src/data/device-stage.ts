import type { Seeds } from "../runtime/stateless-random";
import type { tf } from "../runtime/tf";

/**
 * What is done to whole batches on the device, the same in training, evaluation and prediction: normalization.
 * Synchronous, made of tfjs ops alone, so that an engine can record it into its graph. `inputs` is float32 in the range
 * the host gave ([0, 255] for pixels), `[batch, ...]`; it is not disposed; the result belongs to the caller.
 */
export type DeviceStage = (inputs: tf.Tensor) => tf.Tensor;

/**
 * Random changes to a training batch, before DeviceStage, in pixel range. `targets` is what the loss takes (one-hot
 * `[batch, classes]` or values `[batch, width]`), as mixup mixes it too. `seeds` alone decides what is drawn.
 */
export type Augmentation = (
  batch: { readonly inputs: tf.Tensor; readonly targets: tf.Tensor },
  seeds: Seeds,
) => { readonly inputs: tf.Tensor; readonly targets: tf.Tensor };
