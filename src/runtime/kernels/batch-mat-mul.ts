import type { tf } from "../tf";
import { executeFloat } from "./execute";
import type { KernelOverride } from "./kernel-override";

export const batchMatMul: KernelOverride = {
  kernel: "BatchMatMul",
  reason: "TensorFlow's MatMul is faster on two matrices than BatchMatMulV2",
  run({ inputs, attrs, backend }) {
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    if (a.shape.length !== 2 || b.shape.length !== 2 || a.dtype !== "float32" || b.dtype !== "float32")
      return undefined;
    const { TF_ATTR_BOOL } = backend.binding;
    return executeFloat(
      backend,
      "MatMul",
      [a, b],
      [
        { name: "transpose_a", type: TF_ATTR_BOOL, value: attrs.transposeA },
        { name: "transpose_b", type: TF_ATTR_BOOL, value: attrs.transposeB },
      ],
    );
  },
};
