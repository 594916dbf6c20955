import { z } from "zod";
import { tf } from "../../runtime/tf";
import { affineResample, fillOptions } from "./affine-resample";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform } from "./draw";

const fraction = z.number().min(0).max(1).default(0.1);

export const shift = defineAugmentation({
  type: "shift",
  description:
    "Moves each image right and down by parts of its width and height, uniform in [-`width`, `width`] and [-`height`, `height`], read bilinearly.",
  options: {
    width: fraction.describe("The greatest move to a side, as a part of the width."),
    height: fraction.describe("The greatest move up or down, as a part of the height."),
    ...fillOptions,
  },
  apply({ width, height, fill, fillValue }, { inputs, targets }, seeds) {
    const [count, rows, columns] = inputs.shape;
    const right = drawUniform(count, -width * columns, width * columns, seeds, "right");
    const down = drawUniform(count, -height * rows, height * rows, seeds, "down");
    const [one, none] = [tf.onesLike(right), tf.zerosLike(right)];
    const maps = { xx: one, xy: none, yx: none, yy: one, x: right.neg<tf.Tensor1D>(), y: down.neg<tf.Tensor1D>() };
    return { inputs: affineResample(inputs, maps, { fill, fillValue, interpolation: "bilinear" }), targets };
  },
});
