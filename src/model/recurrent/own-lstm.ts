import type { NativeOps } from "../../runtime/native-ops";
import type { tf } from "../../runtime/tf";
import { ownRecurrent } from "./own-recurrent";
import type { RecurrentKernel } from "./recurrent-kernel";
import { inputGradient, weightGradient } from "./weight-gradient";

/** An LSTM with sigmoid gates and tanh, by dlctl's own operations: native/ops/lstm.cc. */
export function ownLstm(native: NativeOps): RecurrentKernel {
  return ownRecurrent(native, {
    name: "DlctlLstm",
    results: 4,
    gradients: 1,
    taken: ([, gates, cells]) => [gates as tf.Tensor, cells as tf.Tensor],
    finish({ x, kernel }, [before], results) {
      const [sums] = results as [tf.Tensor2D];
      const input = weightGradient(native, x, sums);
      const state = weightGradient(native, before as tf.Tensor3D, sums);
      return [inputGradient(x, kernel, sums), input.kernel, state.kernel, input.bias];
    },
  });
}
