import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform, perImage } from "./draw";

export const flip = defineAugmentation({
  type: "flip",
  description:
    "Mirrors each image with `probability`: left and right (`horizontal`), top and bottom (`vertical`), or each of the two on its own draw (`both`).",
  options: {
    direction: z.enum(["horizontal", "vertical", "both"]).default("horizontal").describe("What is mirrored."),
    probability: z.number().min(0).max(1).default(0.5).describe("How likely an image is mirrored."),
  },
  apply({ direction, probability }, { inputs, targets }, seeds) {
    const mirror = (images: tf.Tensor4D, axis: number, name: string) => {
      const isMirrored = drawUniform(images.shape[0], 0, 1, seeds, name).less(probability);
      return tf.where(perImage(isMirrored), images.reverse(axis), images);
    };
    const across = direction === "vertical" ? inputs : mirror(inputs, 2, "horizontal");
    return { inputs: direction === "horizontal" ? across : mirror(across, 1, "vertical"), targets };
  },
});
