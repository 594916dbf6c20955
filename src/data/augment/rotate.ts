import { z } from "zod";
import { tf } from "../../runtime/tf";
import { affineResample, fillOptions } from "./affine-resample";
import { defineAugmentation } from "./define-augmentation";
import { drawUniform } from "./draw";

export const rotate = defineAugmentation({
  type: "rotate",
  description:
    "Turns each image about its centre by an angle uniform in [-`degrees`, `degrees`], counterclockwise, read bilinearly.",
  options: {
    degrees: z.number().min(0).max(180).default(10).describe("The greatest angle."),
    ...fillOptions,
  },
  apply({ degrees, fill, fillValue }, { inputs, targets }, seeds) {
    const limit = (degrees * Math.PI) / 180;
    const angle = drawUniform(inputs.shape[0], -limit, limit, seeds, "angle");
    const none = tf.zerosLike(angle);
    const [cosine, sine] = [angle.cos(), angle.sin()];
    // Rows count downwards, so this reads clockwise: the content turns counterclockwise.
    const maps = { xx: cosine, xy: sine.neg<tf.Tensor1D>(), yx: sine, yy: cosine, x: none, y: none };
    return { inputs: affineResample(inputs, maps, { fill, fillValue, interpolation: "bilinear" }), targets };
  },
});
