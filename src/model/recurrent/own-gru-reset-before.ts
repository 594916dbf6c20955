import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { ownRecurrent } from "./own-recurrent";
import type { RecurrentKernel } from "./recurrent-kernel";
import { inputGradient, weightGradient } from "./weight-gradient";

/**
 * A GRU with sigmoid gates and tanh that applies the reset gate to the state, before the product with it, by dlctl's own operations:
 * native/ops/gru_reset_before.cc.
 */
export function ownGruResetBefore(native: NativeOps): RecurrentKernel {
  return ownRecurrent(native, {
    name: "DlctlGruResetBefore",
    results: 4,
    gradients: 1,
    taken: ([before, , gates]) => [before as tf.Tensor, gates as tf.Tensor],
    finish({ x, kernel, recurrentKernel }, states, results) {
      const [before, passed] = states as [tf.Tensor3D, tf.Tensor3D];
      const [sums] = results as [tf.Tensor2D];
      const units = recurrentKernel.shape[0];
      const [ofGates, ofCandidate] = tf.split(sums, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
      const input = weightGradient(native, x, sums);
      const state = [weightGradient(native, before, ofGates), weightGradient(native, passed, ofCandidate)];
      const recurrent = tf.concat(
        state.map(({ kernel }) => kernel),
        1,
      );
      return [inputGradient(x, kernel, sums), input.kernel, recurrent, input.bias];
    },
  });
}
