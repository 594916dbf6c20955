import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { ownRecurrent } from "./own-recurrent";
import type { RecurrentKernel } from "./recurrent-kernel";
import { inputGradient, weightGradient } from "./weight-gradient";

/** A GRU with sigmoid gates and tanh that applies the reset gate after the product, by dlctl's own operations: native/ops/gru.cc. */
export function ownGru(native: NativeOps): RecurrentKernel {
  return ownRecurrent(native, {
    name: "DlctlGru",
    results: 3,
    gradients: 2,
    taken: ([before, gates]) => [before as tf.Tensor, gates as tf.Tensor],
    finish({ x, kernel }, [before], results) {
      const [ofInput, ofState] = results as [tf.Tensor2D, tf.Tensor2D];
      const input = weightGradient(native, x, ofInput);
      const state = weightGradient(native, before as tf.Tensor3D, ofState);
      return [inputGradient(x, kernel, ofInput), input.kernel, state.kernel, tf.stack([input.bias, state.bias])];
    },
  });
}
