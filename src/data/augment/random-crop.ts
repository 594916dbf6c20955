import { z } from "zod";
import { tf } from "../../runtime/tf";
import { affineResample, fillOptions } from "./affine-resample";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform } from "./draw";

export const randomCrop = defineAugmentation({
  type: "crop",
  description:
    "Pads each image by `padding` pixels on all sides and cuts its own size out at a random place, as for CIFAR: a move by whole pixels, uniform in -`padding` to `padding`, across and down.",
  options: {
    padding: z.int().min(1).max(1024).default(4).describe("Pixels on each side."),
    ...fillOptions,
    fill: fillOptions.fill.unwrap().default("constant").describe(`${fillOptions.fill.description}`),
  },
  apply({ padding, fill, fillValue }, { inputs, targets }, seeds) {
    const [count] = inputs.shape;
    const across = drawUniform(count, 0, 2 * padding + 1, seeds, "across")
      .floor()
      .sub<tf.Tensor1D>(padding);
    const down = drawUniform(count, 0, 2 * padding + 1, seeds, "down")
      .floor()
      .sub<tf.Tensor1D>(padding);
    const [one, none] = [tf.onesLike(across), tf.zerosLike(across)];
    const maps = { xx: one, xy: none, yx: none, yy: one, x: across, y: down };
    return { inputs: affineResample(inputs, maps, { fill, fillValue, interpolation: "nearest" }), targets };
  },
});
