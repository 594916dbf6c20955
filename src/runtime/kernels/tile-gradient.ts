import { tf } from "../tf";
import type { GradientOverride } from "./kernel-override";

export const tileGradient: GradientOverride = {
  kernel: "Tile",
  reason: "tfjs slices and adds once for each repetition; a reshape and a sum do the same at once",
  inputsToSave: ["x"],
  gradient(dy, [x], attrs) {
    const { shape } = x as tf.Tensor;
    const repetitions = attrs.reps as number[];
    // [r0, n0, r1, n1, ...]: the sum over every r is what x got.
    const split = shape.flatMap((size, axis) => [repetitions[axis] as number, size]);
    return tf.reshape(
      tf.sum(
        tf.reshape(dy, split),
        shape.map((_, axis) => 2 * axis),
      ),
      shape,
    );
  },
};
