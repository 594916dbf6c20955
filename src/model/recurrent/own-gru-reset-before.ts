import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { noMask, type RecurrentKernel } from "./recurrent-kernel";
import { inputGradient, weightGradient } from "./weight-gradient";

/**
 * A GRU with sigmoid gates and tanh that applies the reset gate to the state, before the product with it, by dlctl's own operations:
 * native/ops/gru_reset_before.cc.
 */
export function ownGruResetBefore(native: NativeOps): RecurrentKernel {
  return (x, { kernel, recurrentKernel, bias }, { mask = noMask(), returnSequences }) => {
    const attributes = { sequences: { bool: returnSequences } } as const;
    const compute = tf.customGrad((...given) => {
      const save = given.pop() as unknown as tf.GradSaveFunc;
      const [x, kernel, recurrentKernel, bias] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = [x, kernel, recurrentKernel, bias, mask];
      const outputs = native.executeOp("DlctlGruResetBefore", attributes, inputs, 4);
      const [value, ...states] = outputs as [tf.Tensor, ...tf.Tensor[]];
      save([x, kernel, recurrentKernel, mask, ...states]);
      return { value, gradFunc: backward };
    });
    return compute(x, kernel, recurrentKernel, bias);

    function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
      const [x, kernel, recurrentKernel, mask, before, passed, gates] = saved as [
        ...[tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor],
        ...[tf.Tensor3D, tf.Tensor3D, tf.Tensor],
      ];
      const inputs = [dy, recurrentKernel, before, gates, mask];
      const [sums] = native.executeOp("DlctlGruResetBeforeGradient", attributes, inputs, 1) as [tf.Tensor2D];
      const units = recurrentKernel.shape[0];
      const [ofGates, ofCandidate] = tf.split(sums, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
      const input = weightGradient(native, x, sums);
      const state = [weightGradient(native, before, ofGates), weightGradient(native, passed, ofCandidate)];
      const recurrent = tf.concat(
        state.map(({ kernel }) => kernel),
        1,
      );
      return [inputGradient(x, kernel, sums), input.kernel, recurrent, input.bias];
    }
  };
}
