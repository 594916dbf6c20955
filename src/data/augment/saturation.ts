import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform, perImage } from "./draw";

/** ITU-R BT.601, as PIL's and torchvision's saturation have it. */
const luma = [0.299, 0.587, 0.114];

export const saturation = defineAugmentation({
  type: "saturation",
  description:
    "Moves the colours of each image away from gray or towards it: gray + f (x - gray) with f uniform in [1 - `amount`, 1 + `amount`] and gray = 0.299 R + 0.587 G + 0.114 B, clipped to [0, 255] (torchvision's). For colour images only.",
  options: { amount: z.number().min(0).max(1).default(0.2).describe("How far the factor may be from 1.") },
  check(_, channels = 3) {
    return channels === 3 ? undefined : "saturation needs colour images, and these have one channel";
  },
  apply({ amount }, { inputs, targets }, seeds) {
    const factor = perImage(drawUniform(inputs.shape[0], 1 - amount, 1 + amount, seeds, "factor"));
    const gray = inputs.mul(tf.tensor1d(luma)).sum<tf.Tensor4D>(3, true);
    const moved = inputs.sub<tf.Tensor4D>(gray).mul<tf.Tensor4D>(factor).add<tf.Tensor4D>(gray);
    return { inputs: tf.clipByValue(moved, 0, 255), targets };
  },
});
