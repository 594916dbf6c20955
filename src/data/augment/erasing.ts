import { z } from "zod";
import { tf } from "../../runtime/tf";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform } from "./draw";

const area = z.number().positive().max(1);
const ratio = z.number().min(0.05).max(20);

export const erasing = defineAugmentation({
  type: "erasing",
  description:
    "Overwrites one rectangle of each image with `value`, with `probability` (Zhong et al., Random Erasing Data Augmentation, 2017): its area is uniform in [`minArea`, `maxArea`] of the image, the logarithm of height / width uniform between those of `minRatio` and `maxRatio`, its place uniform among those inside the image. A side longer than the image is cut to it.",
  options: {
    probability: z.number().min(0).max(1).default(0.5).describe("How likely an image is changed."),
    minArea: area.default(0.02).describe("The least area, as a part of the image's."),
    maxArea: area.default(0.33).describe("The greatest area, as a part of the image's."),
    minRatio: ratio.default(0.3).describe("The least height / width."),
    maxRatio: ratio.default(3.3).describe("The greatest height / width."),
    value: z.number().min(0).max(255).default(0).describe("Pixel value of the rectangle, 0 to 255."),
  },
  check({ minArea, maxArea, minRatio, maxRatio }) {
    if (minArea > maxArea) return `minArea (${minArea}) is greater than maxArea (${maxArea})`;
    return minRatio > maxRatio ? `minRatio (${minRatio}) is greater than maxRatio (${maxRatio})` : undefined;
  },
  apply(options, { inputs, targets }, seeds) {
    const [count, height, width] = inputs.shape;
    const draw = (low: number, high: number, name: string) => drawUniform(count, low, high, seeds, name);
    const pixels = draw(options.minArea, options.maxArea, "area").mul(height * width);
    const proportion = draw(Math.log(options.minRatio), Math.log(options.maxRatio), "ratio").exp();
    const rows = inside(pixels.mul(proportion).sqrt().round().clipByValue(1, height), height, draw(0, 1, "top"));
    const columns = inside(pixels.div(proportion).sqrt().round().clipByValue(1, width), width, draw(0, 1, "left"));
    const isErased = draw(0, 1, "probability").less(options.probability).reshape([-1, 1, 1]);
    const mask = rows.expandDims(2).logicalAnd(columns.expandDims(1)).logicalAnd(isErased);
    return { inputs: tf.where(mask.expandDims(3), options.value, inputs) as tf.Tensor4D, targets };
  },
});

/** `[batch, size]`: which of `size` rows or columns lie in a piece of `lengths`, placed by `place` in [0, 1). */
function inside(lengths: tf.Tensor, size: number, place: tf.Tensor): tf.Tensor {
  const start = lengths
    .neg()
    .add(size + 1)
    .mul(place)
    .floor()
    .expandDims(1);
  const positions = tf.range(0, size).expandDims(0);
  return positions.greaterEqual(start).logicalAnd(positions.less(start.add(lengths.expandDims(1))));
}
