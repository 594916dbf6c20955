import { z } from "zod";
import { nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { affineResample } from "./affine-resample";
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
      if (nativeBackend()?.hasOwnOps) return mirrorByMap(images, axis, isMirrored);
      return tf.where(perImage(isMirrored), images.reverse(axis), images);
    };
    const across = direction === "vertical" ? inputs : mirror(inputs, 2, "horizontal");
    return { inputs: direction === "horizontal" ? across : mirror(across, 1, "vertical"), targets };
  },
});

/** In one pass of our own operation; from centre to centre, so that pixels stay as they are to the last bit. */
function mirrorByMap(images: tf.Tensor4D, axis: number, isMirrored: tf.Tensor): tf.Tensor4D {
  const direction = tf.sub<tf.Tensor1D>(1, tf.mul(tf.cast(isMirrored, "float32"), 2));
  const [one, none] = [tf.onesLike(direction), tf.zerosLike(direction)];
  const [xx, yy] = axis === 2 ? [direction, one] : [one, direction];
  const maps = { xx, xy: none, yx: none, yy, x: none, y: none };
  return affineResample(images, maps, { fill: "nearest", fillValue: 0, interpolation: "nearest" });
}
