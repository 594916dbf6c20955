import { tf } from "../tf";
import { executeFloat } from "./execute";
import type { KernelOverride } from "./kernel-override";

export const sum: KernelOverride = {
  kernel: "Sum",
  reason: "over all axes but the last (a bias's gradient), TensorFlow's BiasAddGrad is faster",
  run({ inputs, attrs, backend }) {
    const x = inputs.x as tf.TensorInfo;
    const rank = x.shape.length;
    const axes = tf.util.parseAxisParam(attrs.axis as number[], x.shape);
    const isAllButLast = rank > 1 && axes.length === rank - 1 && !axes.includes(rank - 1);
    if (!isAllButLast || x.dtype !== "float32" || attrs.keepDims || x.shape.includes(0)) return undefined;
    return executeFloat(backend, "BiasAddGrad", [x]);
  },
};
