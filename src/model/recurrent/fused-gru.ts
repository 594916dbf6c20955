import { tf } from "../../runtime/tf";
import { before } from "./fused-lstm";
import type { RecurrentKernel } from "./recurrent-kernel";
import { paddedSteps, plainOrder } from "./sequence-order";

/** Added to the update gate's sum where a step is masked: sigmoid of it is exactly 1, so that the state is exactly kept. */
const closed = 1e4;

/** A GRU with sigmoid gates and tanh that applies the reset gate after the product; its bias is `[2, 3 * units]`. */
export const fusedGru: RecurrentKernel = (x, { kernel, recurrentKernel, bias }, { mask, returnSequences }) => {
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0] as number;
  const order = plainOrder(returnSequences);
  const [inputBias, stateBias] = tf.unstack(bias) as [tf.Tensor, tf.Tensor];
  // One product for the inputs of all steps; its gradient is tfjs's own.
  const rows = tf.reshape(order.pack(x), [time * batch, features]);
  const sums = tf.add(tf.matMul(rows, kernel), inputBias);
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [sums, recurrentKernel, stateBias] = given as [tf.Tensor, tf.Tensor, tf.Tensor];
    const states = runForward(sums, recurrentKernel, stateBias, mask && closedWhere(mask, units));
    save([recurrentKernel, ...Object.values(states)]);
    return {
      value: order.outputs(states.hidden),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backward(returnSequences ? tf.unstack(order.stateGradient(dy, [])) : dy, saved),
    };
  });
  return compute(tf.reshape(sums, [time, batch, 3 * units]), recurrentKernel, stateBias);
};

/** `[time, batch, 2 * units]`, to be added to the sums of the gates z and r. */
export function closedWhere(mask: tf.Tensor, units: number): tf.Tensor {
  return tf.mul(paddedSteps(mask), tf.concat([tf.fill([units], closed), tf.zeros([units])]));
}

interface GruStates {
  /** z and r, `[time, batch, 2 * units]`. */
  readonly gates: tf.Tensor;
  /** What the reset gate is applied to, `[time, batch, units]`, as the others. */
  readonly fromState: tf.Tensor;
  readonly candidate: tf.Tensor;
  readonly hidden: tf.Tensor;
}

function runForward(
  sums: tf.Tensor,
  recurrentKernel: tf.Tensor,
  stateBias: tf.Tensor,
  masking: tf.Tensor | undefined,
): GruStates {
  const [time, batch, width] = sums.shape as [number, number, number];
  const units = width / 3;
  const [gateKernel, stateKernel] = tf.split(recurrentKernel, [2 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
  const [gateBias, candidateBias] = tf.split(stateBias, [2 * units, units]) as [tf.Tensor, tf.Tensor1D];
  const [gateSums, candidateSums] = tf.split(sums, [2 * units, units], 2) as [tf.Tensor, tf.Tensor];
  const biased = tf.add(gateSums, gateBias);
  const gateSum = tf.unstack(masking ? tf.add(biased, masking) : biased);
  const candidateSum = tf.unstack(candidateSums);
  const states = { gates: [], fromState: [], candidate: [], hidden: [] } as Record<keyof GruStates, tf.Tensor[]>;
  let hidden: tf.Tensor = tf.zeros([batch, units]);
  for (let step = 0; step < time; step++) {
    const gates = tf.sigmoid(tf.add(gateSum[step] as tf.Tensor, tf.matMul(hidden, gateKernel)));
    const [update, reset] = tf.split(gates, 2, 1) as [tf.Tensor, tf.Tensor];
    const fromState = tf.add(tf.matMul(hidden, stateKernel), candidateBias);
    const candidate = tf.tanh(tf.add(candidateSum[step] as tf.Tensor, tf.mul(reset, fromState)));
    // In this form the state stays to the last bit where the gate is 1.
    hidden = tf.add(tf.mul(update, hidden), tf.mul(tf.sub(1, update), candidate));
    states.gates.push(gates);
    states.fromState.push(fromState);
    states.candidate.push(candidate);
    states.hidden.push(hidden);
  }
  return {
    gates: tf.stack(states.gates),
    fromState: tf.stack(states.fromState),
    candidate: tf.stack(states.candidate),
    hidden: tf.stack(states.hidden),
  };
}

/** Gradients of the inputs' sums, the recurrent kernel and its bias. `dy`: of each state, or of the last one. */
function backward(dy: tf.Tensor | tf.Tensor[], saved: readonly tf.Tensor[]): tf.Tensor[] {
  const [recurrentKernel, gates, fromState, candidate, hidden] = saved as [
    ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
  ];
  const [time, batch, units] = hidden.shape as [number, number, number];
  const [update, reset] = tf.split(gates, 2, 2) as [tf.Tensor, tf.Tensor];
  const previous = before(hidden);
  const slope = (gate: tf.Tensor) => tf.mul(gate, tf.sub(1, gate));
  // Of the sums before the activations, from the state's gradient.
  const toCandidate = tf.mul(tf.sub(1, update), tf.sub(1, tf.square(candidate)));
  const toUpdate = tf.mul(tf.sub(previous, candidate), slope(update));
  const toReset = tf.mul(tf.mul(toCandidate, fromState), slope(reset));
  const factor = tf.unstack(tf.concat([toUpdate, toReset, tf.mul(toCandidate, reset)], 2));
  const kept = tf.unstack(update);
  const stateSums: tf.Tensor[] = [];
  const stateGradients: tf.Tensor[] = [];
  let carried = Array.isArray(dy) ? undefined : dy;
  for (let step = time - 1; step >= 0; step--) {
    const atStep = Array.isArray(dy) ? dy[step] : undefined;
    const gradient = (atStep && carried ? tf.add(atStep, carried) : (atStep ?? carried)) as tf.Tensor;
    const sums = tf.mul(tf.concat([gradient, gradient, gradient], 1), factor[step] as tf.Tensor);
    stateGradients[step] = gradient;
    stateSums[step] = sums;
    if (step === 0) break;
    carried = tf.add(tf.mul(gradient, kept[step] as tf.Tensor), tf.matMul(sums, recurrentKernel, false, true));
  }
  const stateSum = tf.stack(stateSums);
  const gateSum = tf.slice(stateSum, [0, 0, 0], [time, batch, 2 * units]);
  const inputSum = tf.concat([gateSum, tf.mul(tf.stack(stateGradients), toCandidate)], 2);
  const rows = tf.reshape(stateSum, [time * batch, 3 * units]);
  const kernelGradient = tf.matMul(tf.reshape(previous, [time * batch, units]), rows, true, false);
  return [inputSum, kernelGradient, tf.sum(rows, 0)];
}
