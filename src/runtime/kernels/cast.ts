import { tf } from "../tf";
import type { KernelOverride } from "./kernel-override";

export const cast: KernelOverride = {
  kernel: "Cast",
  reason: "tfjs-node copies where the type is the same",
  run({ inputs, attrs }) {
    const x = inputs.x as tf.Tensor;
    if (x.dtype !== attrs.dtype) return undefined;
    return tf.engine().runKernel("Identity", { x }) as tf.Tensor;
  },
};
