import { tf } from "../../runtime/tf";
import { closedWhere } from "./fused-gru";
import { before } from "./fused-lstm";
import type { RecurrentKernel } from "./recurrent-kernel";
import { plainOrder } from "./sequence-order";

/** A GRU with sigmoid gates and tanh that applies the reset gate to the state, before the product with it; its bias is `[3 * units]`. */
export const fusedGruResetBefore: RecurrentKernel = (
  x,
  { kernel, recurrentKernel, bias },
  { mask, returnSequences },
) => {
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0] as number;
  const order = plainOrder(returnSequences);
  // One product for the inputs of all steps; its gradient is tfjs's own.
  const rows = tf.reshape(order.pack(x), [time * batch, features]);
  const sums = tf.add(tf.matMul(rows, kernel), bias);
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [sums, recurrentKernel] = given as [tf.Tensor, tf.Tensor];
    const states = runForward(sums, recurrentKernel, mask && closedWhere(mask, units));
    save([recurrentKernel, ...Object.values(states)]);
    return {
      value: order.outputs(states.hidden),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backward(returnSequences ? tf.unstack(order.stateGradient(dy, [])) : dy, saved),
    };
  });
  return compute(tf.reshape(sums, [time, batch, 3 * units]), recurrentKernel);
};

interface GruStates {
  /** z and r, `[time, batch, 2 * units]`. */
  readonly gates: tf.Tensor;
  /** `[time, batch, units]`, as the next one. */
  readonly candidate: tf.Tensor;
  readonly hidden: tf.Tensor;
}

function runForward(sums: tf.Tensor, recurrentKernel: tf.Tensor, masking: tf.Tensor | undefined): GruStates {
  const [, batch, width] = sums.shape as [number, number, number];
  const units = width / 3;
  const [gateKernel, stateKernel] = splitKernel(recurrentKernel);
  const [gateSums, candidateSums] = tf.split(sums, [2 * units, units], 2) as [tf.Tensor, tf.Tensor];
  const gateSum = tf.unstack(masking ? tf.add(gateSums, masking) : gateSums);
  const states = { gates: [], candidate: [], hidden: [] } as Record<keyof GruStates, tf.Tensor[]>;
  let hidden: tf.Tensor = tf.zeros([batch, units]);
  tf.unstack(candidateSums).forEach((candidateSum, step) => {
    const gates = tf.sigmoid(tf.add(gateSum[step] as tf.Tensor, tf.matMul(hidden, gateKernel)));
    const [update, reset] = tf.split(gates, 2, 1) as [tf.Tensor, tf.Tensor];
    const candidate = tf.tanh(tf.add(candidateSum, tf.matMul(tf.mul(reset, hidden), stateKernel)));
    hidden = tf.add(tf.mul(update, hidden), tf.mul(tf.sub(1, update), candidate));
    states.gates.push(gates);
    states.candidate.push(candidate);
    states.hidden.push(hidden);
  });
  return { gates: tf.stack(states.gates), candidate: tf.stack(states.candidate), hidden: tf.stack(states.hidden) };
}

/** The parts for the gates z and r, and for the candidate. */
function splitKernel(recurrentKernel: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const units = recurrentKernel.shape[0] as number;
  return tf.split(recurrentKernel, [2 * units, units], 1) as [tf.Tensor, tf.Tensor];
}

/** Gradients of the inputs' sums and the recurrent kernel. `dy`: of each state, or of the last one. */
function backward(dy: tf.Tensor | tf.Tensor[], saved: readonly tf.Tensor[]): tf.Tensor[] {
  const [recurrentKernel, gates, candidate, hidden] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [time, batch] = hidden.shape as [number, number];
  const [gateKernel, stateKernel] = splitKernel(recurrentKernel);
  const [update, reset] = tf.split(gates, 2, 2) as [tf.Tensor, tf.Tensor];
  const previous = before(hidden);
  const slope = (gate: tf.Tensor) => tf.mul(gate, tf.sub(1, gate));
  // Of the sums before the activations: of z and the candidate from the state's gradient, of r from that of the state after the reset.
  const toUpdate = tf.unstack(tf.mul(tf.sub(previous, candidate), slope(update)));
  const toCandidate = tf.unstack(tf.mul(tf.sub(1, update), tf.sub(1, tf.square(candidate))));
  const toReset = tf.unstack(tf.mul(previous, slope(reset)));
  const kept = tf.unstack(update);
  const passed = tf.unstack(reset);
  const gateSums: tf.Tensor[] = [];
  const candidateSums: tf.Tensor[] = [];
  let carried = Array.isArray(dy) ? undefined : dy;
  for (let step = time - 1; step >= 0; step--) {
    const atStep = Array.isArray(dy) ? dy[step] : undefined;
    const gradient = (atStep && carried ? tf.add(atStep, carried) : (atStep ?? carried)) as tf.Tensor;
    const ofCandidate = tf.mul(gradient, toCandidate[step] as tf.Tensor);
    const afterReset = tf.matMul(ofCandidate, stateKernel, false, true);
    const ofReset = tf.mul(afterReset, toReset[step] as tf.Tensor);
    const ofGates = tf.concat([tf.mul(gradient, toUpdate[step] as tf.Tensor), ofReset], 1);
    gateSums[step] = ofGates;
    candidateSums[step] = ofCandidate;
    if (step === 0) break;
    const direct = tf.add(tf.mul(gradient, kept[step] as tf.Tensor), tf.mul(afterReset, passed[step] as tf.Tensor));
    carried = tf.add(direct, tf.matMul(ofGates, gateKernel, false, true));
  }
  const rows = (states: tf.Tensor) => tf.reshape(states, [time * batch, states.shape[2] as number]);
  const [gateSum, candidateSum] = [tf.stack(gateSums), tf.stack(candidateSums)];
  const gateGradient = tf.matMul(rows(previous), rows(gateSum), true, false);
  const stateGradient = tf.matMul(rows(tf.mul(reset, previous)), rows(candidateSum), true, false);
  return [tf.concat([gateSum, candidateSum], 2), tf.concat([gateGradient, stateGradient], 1)];
}
