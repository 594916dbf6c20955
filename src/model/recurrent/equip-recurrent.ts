import { nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { deriveSeed } from "../../shared/derive-seed";
import { maskOf } from "../custom-layers/masks";
import { drawMask } from "../layers/noise";
import { tensorOf } from "../layers/tensor-of";
import { cudnnKernel } from "./cudnn-kernel";
import { fusedGru } from "./fused-gru";
import { fusedGruResetBefore } from "./fused-gru-reset-before";
import { fusedLstm } from "./fused-lstm";
import { fusedSimpleRnn } from "./fused-simple-rnn";
import { ownGru } from "./own-gru";
import { ownGruResetBefore } from "./own-gru-reset-before";
import { ownLstm } from "./own-lstm";
import type { RecurrentKernel } from "./recurrent-kernel";
import { directionsOf, type RecurrentCell, type RecurrentLayer } from "./recurrent-layer";

/**
 * Computes the layer by a fused kernel where there is one, and draws what dropout drops from the layer's seed and the step; adds
 * its weights' penalties to the loss, which tfjs forgets.
 */
export function equipRecurrent(layer: tf.layers.Layer, seed: number): void {
  const directions = directionsOf(layer);
  for (const { name, rnn } of directions) equipDirection(rnn, deriveSeed(seed, name));
  layer.calculateLosses = () => directions.flatMap(({ rnn }) => rnn.cell.calculateLosses());
}

function equipDirection(rnn: RecurrentLayer, seed: number): void {
  const { cell } = rnn;
  const runPlain = rnn.call.bind(rnn);
  rnn.call = (inputs, kwargs) =>
    tf.tidy(() => {
      const x = tensorOf(inputs);
      const mask = maskOf(tf, x, kwargs.mask);
      const training = kwargs.training === true;
      const kernel = fusedKernel(rnn, training);
      if (!kernel) return withDropout(cell, seed, () => runPlain(x, { ...kwargs, mask, training }));
      const dropped =
        training && cell.dropout > 0 ? tf.mul(x, dropFactors(inputShape(x), cell.dropout, seed, "inputs")) : x;
      const steps = mask && tf.cast(mask, "int32");
      const { goBackwards, returnSequences } = rnn;
      const reversed = (x: tf.Tensor) => (goBackwards ? tf.reverse(x, 1) : x);
      return kernel(reversed(dropped), weightsOf(rnn), { mask: steps && reversed(steps), returnSequences });
    });
}

/** The fused kernel for the layer as it is; undefined where only tfjs's step by step can do it. */
function fusedKernel(rnn: RecurrentLayer, training: boolean): RecurrentKernel | undefined {
  const native = nativeBackend();
  const { activation, recurrentActivation, recurrentDropout } = rnn.cell;
  if (!native || (training && recurrentDropout > 0) || activation.getClassName() !== "tanh") return undefined;
  if (recurrentActivation && recurrentActivation.getClassName() !== "sigmoid") return undefined;
  switch (rnn.getClassName()) {
    case "LSTM":
      if (native.hasCudnn) return cudnnKernel(native, "lstm");
      return native.hasOwnOps ? ownLstm(native) : fusedLstm(native);
    case "DlctlGRU":
      if (native.hasCudnn) return cudnnKernel(native, "gru");
      return native.hasOwnOps ? ownGru(native) : fusedGru;
    case "GRU":
      return native.hasOwnOps ? ownGruResetBefore(native) : fusedGruResetBefore;
    case "SimpleRNN":
      return fusedSimpleRnn;
    default:
      return undefined;
  }
}

function weightsOf(rnn: RecurrentLayer) {
  const { kernel, recurrentKernel, bias } = rnn.cell;
  const width = kernel.shape[1] as number;
  const none = () => tf.zeros(rnn.getClassName() === "DlctlGRU" ? [2, width] : [width]);
  return { kernel: kernel.read(), recurrentKernel: recurrentKernel.read(), bias: bias ? bias.read() : none() };
}

/** One number for each feature of an example, the same at each step. */
const inputShape = (x: tf.Tensor) => [x.shape[0] as number, 1, x.shape[2] as number];

function dropFactors(shape: readonly number[], rate: number, seed: number, what: "inputs" | "state"): tf.Tensor {
  return tf.div(drawMask(shape, rate, deriveSeed(seed, what)), 1 - rate);
}

/** tfjs's own call, whose cell asks for its two masks at the first step and keeps them until somebody disposes them. */
function withDropout(cell: RecurrentCell, seed: number, run: () => tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
  cell.dropoutFunc = (ones, rate) => {
    const isForInputs = cell.dropout > 0 && cell.dropoutMask === null;
    const what = isForInputs ? "inputs" : "state";
    return tf.mul(ones, dropFactors(ones.shape, rate, seed, what));
  };
  try {
    return run();
  } finally {
    tf.dispose([cell.dropoutMask ?? [], cell.recurrentDropoutMask ?? []]);
    cell.dropoutMask = null;
    cell.recurrentDropoutMask = null;
  }
}
