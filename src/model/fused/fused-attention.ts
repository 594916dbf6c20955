import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import type { Heads } from "../custom-layers/attention";
import type { AttentionConditions } from "../custom-layers/fused-kernels";

/** FusedKernels' `attend`, by native/ops/attention.cc. */
export function fusedAttend(native: NativeOps, heads: Heads, conditions: AttentionConditions): tf.Tensor {
  return run(native, "DlctlAttention", heads, conditions);
}

/** FusedKernels' `attendPacked`. */
export function fusedAttendPacked(native: NativeOps, packed: tf.Tensor, conditions: AttentionConditions): tf.Tensor {
  return run(native, "DlctlPackedAttention", [packed], conditions);
}

function run(
  native: NativeOps,
  op: "DlctlAttention" | "DlctlPackedAttention",
  parts: readonly tf.Tensor[],
  { isCausal, padding, drop, rotation }: AttentionConditions,
): tf.Tensor {
  const attributes = { causal: { bool: isCausal } };
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const inputs = [
      ...(given as tf.Tensor[]),
      padding ?? tf.zeros([0, 0]),
      drop ?? tf.zeros([0, 0, 0, 0]),
      rotation ?? tf.zeros([0, 0, 0]),
    ];
    const [result, statistics] = native.executeOp(op, attributes, inputs, 2) as [tf.Tensor, tf.Tensor];
    save([...inputs, result, statistics]);
    return {
      value: result,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        native.executeOp(`${op}Gradient`, attributes, [...saved, dy], parts.length),
    };
  });
  return compute(...parts);
}
