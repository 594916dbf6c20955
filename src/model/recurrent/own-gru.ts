import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { noMask, type RecurrentKernel } from "./recurrent-kernel";
import { inputGradient, weightGradient } from "./weight-gradient";

/** A GRU with sigmoid gates and tanh that applies the reset gate after the product, by dlctl's own operations: native/ops/gru.cc. */
export function ownGru(native: NativeOps): RecurrentKernel {
  return (x, { kernel, recurrentKernel, bias }, { mask = noMask(), returnSequences }) => {
    const attributes = { sequences: { bool: returnSequences } } as const;
    const compute = tf.customGrad((...given) => {
      const save = given.pop() as unknown as tf.GradSaveFunc;
      const [x, kernel, recurrentKernel, bias] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = [x, kernel, recurrentKernel, bias, mask];
      const [value, ...states] = native.executeOp("DlctlGru", attributes, inputs, 3) as [tf.Tensor, ...tf.Tensor[]];
      save([x, kernel, recurrentKernel, mask, ...states]);
      return { value, gradFunc: backward };
    });
    return compute(x, kernel, recurrentKernel, bias);

    function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
      const [x, kernel, recurrentKernel, mask, before, gates] = saved as [
        ...[tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor],
        ...[tf.Tensor3D, tf.Tensor],
      ];
      const inputs = [dy, recurrentKernel, before, gates, mask];
      const [ofInput, ofState] = native.executeOp("DlctlGruGradient", attributes, inputs, 2) as [
        tf.Tensor2D,
        tf.Tensor2D,
      ];
      const input = weightGradient(native, x, ofInput);
      const state = weightGradient(native, before, ofState);
      return [inputGradient(x, kernel, ofInput), input.kernel, state.kernel, tf.stack([input.bias, state.bias])];
    }
  };
}
