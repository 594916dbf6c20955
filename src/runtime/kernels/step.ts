import { tf } from "../tf";
import type { KernelOverride } from "./kernel-override";

export const step: KernelOverride = {
  kernel: "Step",
  reason: "tfjs-node takes six ops; it is half of relu's gradient",
  run({ inputs, attrs }) {
    const x = inputs.x as tf.Tensor;
    if (x.dtype !== "float32" || attrs.alpha !== 0) return undefined;
    return tf.tidy(() => tf.cast(tf.greater(x, 0), "float32"));
  },
};
