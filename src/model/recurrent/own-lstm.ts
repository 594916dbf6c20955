import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { noMask, type RecurrentKernel } from "./recurrent-kernel";
import { inputGradient, weightGradient } from "./weight-gradient";

/** An LSTM with sigmoid gates and tanh, by dlctl's own operations: native/ops/lstm.cc. */
export function ownLstm(native: NativeOps): RecurrentKernel {
  return (x, { kernel, recurrentKernel, bias }, { mask = noMask(), returnSequences }) => {
    const attributes = { sequences: { bool: returnSequences } } as const;
    const compute = tf.customGrad((...given) => {
      const save = given.pop() as unknown as tf.GradSaveFunc;
      const [x, kernel, recurrentKernel, bias] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = [x, kernel, recurrentKernel, bias, mask];
      const [value, ...states] = native.executeOp("DlctlLstm", attributes, inputs, 4) as [tf.Tensor, ...tf.Tensor[]];
      save([x, kernel, recurrentKernel, mask, ...states]);
      return { value, gradFunc: backward };
    });
    return compute(x, kernel, recurrentKernel, bias);

    function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
      const [x, kernel, recurrentKernel, mask, before, gates, cells] = saved as [
        ...[tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor],
        ...[tf.Tensor3D, tf.Tensor, tf.Tensor],
      ];
      const inputs = [dy, recurrentKernel, gates, cells, mask];
      const [sums] = native.executeOp("DlctlLstmGradient", attributes, inputs, 1) as [tf.Tensor2D];
      const input = weightGradient(native, x, sums);
      const state = weightGradient(native, before, sums);
      return [inputGradient(x, kernel, sums), input.kernel, state.kernel, input.bias];
    }
  };
}
