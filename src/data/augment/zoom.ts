import { z } from "zod";
import { tf } from "../../runtime/tf";
import { affineResample, fillOptions } from "./affine-resample";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform } from "./draw";

const factor = z.number().min(0.05).max(20);

export const zoom = defineAugmentation({
  type: "zoom",
  description:
    "Magnifies each image about its centre by a factor uniform in [`min`, `max`], the same in both directions, read bilinearly; below 1 it shrinks.",
  options: {
    min: factor.default(0.9).describe("The least factor."),
    max: factor.default(1.1).describe("The greatest factor."),
    ...fillOptions,
  },
  check: ({ min, max }) => (min > max ? `min (${min}) is greater than max (${max})` : undefined),
  apply({ min, max, fill, fillValue }, { inputs, targets }, seeds) {
    const inverse = drawUniform(inputs.shape[0], min, max, seeds, "factor").reciprocal<tf.Tensor1D>();
    const none = tf.zerosLike(inverse);
    const maps = { xx: inverse, xy: none, yx: none, yy: inverse, x: none, y: none };
    return { inputs: affineResample(inputs, maps, { fill, fillValue, interpolation: "bilinear" }), targets };
  },
});
