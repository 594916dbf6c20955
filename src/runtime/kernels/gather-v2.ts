import type { BindingAttribute } from "../native-backend";
import { tf } from "../tf";
import type { KernelOverride } from "./kernel-override";

export const gatherV2: KernelOverride = {
  kernel: "GatherV2",
  reason: "tfjs-node reads all indices back to check them, which TensorFlow does anyway, and which can't be recorded",
  run({ inputs, attrs, backend }) {
    const { x, indices } = inputs as { x: tf.TensorInfo; indices: tf.TensorInfo };
    if (x.dtype !== "float32" || indices.dtype !== "int32") return undefined;
    const { TF_ATTR_TYPE, TF_ATTR_INT, TF_FLOAT, TF_INT32 } = backend.binding;
    const type = (name: string, value: number): BindingAttribute => ({ name, type: TF_ATTR_TYPE, value });
    const attributes = [
      { name: "batch_dims", type: TF_ATTR_INT, value: attrs.batchDims },
      type("Tparams", TF_FLOAT),
      type("Tindices", TF_INT32),
      type("Taxis", TF_INT32),
    ];
    return tf.tidy(() => {
      const axis = tf.scalar(attrs.axis as number, "int32");
      return backend.executeMultipleOutputs("GatherV2", attributes, [x, indices, axis], 1)[0] as tf.Tensor;
    });
  },
};
