import type { NativeOps, OpAttributes } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { type CudnnMode, cudnnParameters } from "./cudnn-parameters";
import type { RecurrentKernel } from "./recurrent-kernel";
import { examplesInOrder, maskedOrder } from "./sequence-order";

/**
 * An LSTM, or a GRU with the reset gate after the product, with sigmoid gates and tanh, by cuDNN: one operation forward and one backward for
 * the whole sequence. They are there on an NVIDIA GPU alone (`NativeOps.hasCudnn`). Steps that a mask leaves out are
 * read after all others, and all sequences have the full length for cuDNN: it refuses such as have no step at all, and would zero
 * the outputs where Keras repeats them.
 */
export function cudnnKernel(native: NativeOps, mode: CudnnMode): RecurrentKernel {
  return (x, weights, { mask, returnSequences }) => {
    const [batch, time] = x.shape as [number, number];
    const units = weights.recurrentKernel.shape[0] as number;
    const order = mask
      ? maskedOrder(native, mask, returnSequences, "examples first")
      : examplesInOrder(time, returnSequences);
    const state = () => tf.zeros([batch, 1, units]);
    // A GRU has no cell state, and takes any tensor for it.
    const cell = () => (mode === "lstm" ? state() : tf.scalar(0));
    const lengths = () => tf.fill([batch], time, "int32");
    const compute = tf.customGrad((...given) => {
      const save = given.pop() as unknown as tf.GradSaveFunc;
      const [x, parameters] = given as [tf.Tensor, tf.Tensor];
      const packed = order.pack(x);
      const inputs = [packed, state(), cell(), parameters, lengths()];
      const attributes = { ...attributesOf(mode), is_training: { bool: true } } as const;
      const outputs = native.executeOp("CudnnRNNV3", attributes, inputs, 5);
      save([packed, parameters, ...outputs, ...order.saved]);
      return { value: order.outputs(outputs[0] as tf.Tensor), gradFunc: backward };
    });
    return compute(x, cudnnParameters(mode, weights));

    function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
      const [packed, parameters, output, lastState, lastCell, reserved, hostReserved, ...places] = saved as [
        ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
        ...tf.Tensor[],
      ];
      const outputGradients = [order.stateGradient(dy, places), state(), cell()];
      const inputs = [
        ...[packed, state(), cell(), parameters, lengths()],
        ...[output, lastState, lastCell, ...outputGradients, reserved, hostReserved],
      ];
      const gradients = native.executeOp("CudnnRNNBackpropV3", attributesOf(mode), inputs, 4);
      return [order.packGradient(gradients[0] as tf.Tensor, places), gradients[3] as tf.Tensor];
    }
  };
}

/** Examples come first in all tensors: the form that Keras uses, and so the one that is tried most. */
function attributesOf(mode: CudnnMode): OpAttributes {
  return {
    T: { dtype: "float32" },
    rnn_mode: { string: mode },
    input_mode: { string: "linear_input" },
    direction: { string: "unidirectional" },
    dropout: { float: 0 },
    seed: { int: 0 },
    seed2: { int: 0 },
    num_proj: { int: 0 },
    time_major: { bool: false },
  };
}
