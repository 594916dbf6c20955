import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform, perImage } from "./draw";

export const contrast = defineAugmentation({
  type: "contrast",
  description:
    "Spreads the pixels of each image about their mean, channel by channel: mean + f (x - mean) with f uniform in [1 - `amount`, 1 + `amount`], clipped to [0, 255] (Keras's RandomContrast).",
  options: { amount: z.number().min(0).max(1).default(0.2).describe("How far the factor may be from 1.") },
  apply({ amount }, { inputs, targets }, seeds) {
    const factor = perImage(drawUniform(inputs.shape[0], 1 - amount, 1 + amount, seeds, "factor"));
    const mean = inputs.mean<tf.Tensor4D>([1, 2], true);
    const spread = inputs.sub<tf.Tensor4D>(mean).mul<tf.Tensor4D>(factor).add<tf.Tensor4D>(mean);
    return { inputs: tf.clipByValue(spread, 0, 255), targets };
  },
});
