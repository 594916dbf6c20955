import { tf } from "../tf";
import type { KernelOverride } from "./kernel-override";

export const reshape: KernelOverride = {
  kernel: "Reshape",
  reason:
    "to the shape it has (as in every gradient of an addition) nothing is to be done, and the ops around can be one",
  run({ inputs, attrs }) {
    const x = inputs.x as tf.Tensor;
    return tf.util.arraysEqual(x.shape, attrs.shape as number[])
      ? (tf.engine().runKernel("Identity", { x }) as tf.Tensor)
      : undefined;
  },
};
