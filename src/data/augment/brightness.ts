import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform, perImage } from "./draw";

export const brightness = defineAugmentation({
  type: "brightness",
  description:
    "Adds the same to all pixels of an image: 255 times a number uniform in [-`amount`, `amount`], clipped to [0, 255] (Keras's RandomBrightness).",
  options: { amount: z.number().min(0).max(1).default(0.2).describe("The greatest change, as a part of the range.") },
  apply({ amount }, { inputs, targets }, seeds) {
    const added = drawUniform(inputs.shape[0], -255 * amount, 255 * amount, seeds, "added");
    return { inputs: tf.clipByValue(inputs.add<tf.Tensor4D>(perImage(added)), 0, 255), targets };
  },
});
