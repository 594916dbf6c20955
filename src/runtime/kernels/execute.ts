import type { BindingAttribute, NativeBackend } from "../native-backend";
import type { tf } from "../tf";

/** Runs an op with one output; attributes beside `T` (float32) are given as the binding wants them. */
export function executeFloat(
  backend: NativeBackend,
  op: string,
  inputs: readonly tf.TensorInfo[],
  attributes: readonly BindingAttribute[] = [],
): tf.Tensor {
  const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const all = [{ name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT }, ...attributes];
  return backend.executeMultipleOutputs(op, all, inputs, 1)[0] as tf.Tensor;
}
