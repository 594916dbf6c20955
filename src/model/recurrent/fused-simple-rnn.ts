import { tf } from "../../runtime/tf";
import { before } from "./fused-lstm";
import type { RecurrentKernel } from "./recurrent-kernel";
import { paddedSteps, plainOrder } from "./sequence-order";

/** A simple recurrent layer with tanh. */
export const fusedSimpleRnn: RecurrentKernel = (x, { kernel, recurrentKernel, bias }, { mask, returnSequences }) => {
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0] as number;
  const order = plainOrder(returnSequences);
  // One product for the inputs of all steps; its gradient is tfjs's own.
  const rows = tf.reshape(order.pack(x), [time * batch, features]);
  const sums = tf.reshape(tf.add(tf.matMul(rows, kernel), bias), [time, batch, units]);
  const padded = mask && paddedSteps(mask);
  const compute = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [sums, recurrentKernel] = given as [tf.Tensor, tf.Tensor];
    const hidden = runForward(sums, recurrentKernel, padded);
    save([recurrentKernel, hidden, ...(padded ? [padded] : [])]);
    return {
      value: order.outputs(hidden),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backward(returnSequences ? tf.unstack(order.stateGradient(dy, [])) : dy, saved),
    };
  });
  return compute(sums, recurrentKernel);
};

function runForward(sums: tf.Tensor, recurrentKernel: tf.Tensor, padded: tf.Tensor | undefined): tf.Tensor {
  const sum = tf.unstack(sums);
  const isPadded = padded && tf.unstack(padded).map((step) => tf.cast(step, "bool"));
  let hidden: tf.Tensor = tf.zerosLike(sum[0] as tf.Tensor);
  const states = sum.map((sum, step) => {
    const next = tf.tanh(tf.add(sum, tf.matMul(hidden, recurrentKernel)));
    hidden = isPadded ? tf.where(isPadded[step] as tf.Tensor, hidden, next) : next;
    return hidden;
  });
  return tf.stack(states);
}

/** Gradients of the inputs' sums and of the recurrent kernel. `dy`: of each state, or of the last one. */
function backward(dy: tf.Tensor | tf.Tensor[], saved: readonly tf.Tensor[]): tf.Tensor[] {
  const [recurrentKernel, hidden, padded] = saved as [tf.Tensor, tf.Tensor, tf.Tensor | undefined];
  const [time, batch, units] = hidden.shape as [number, number, number];
  const slope = tf.sub(1, tf.square(hidden));
  const factor = tf.unstack(padded ? tf.mul(slope, tf.sub(1, padded)) : slope);
  const kept = padded && tf.unstack(padded);
  const sums: tf.Tensor[] = [];
  let carried = Array.isArray(dy) ? undefined : dy;
  for (let step = time - 1; step >= 0; step--) {
    const atStep = Array.isArray(dy) ? dy[step] : undefined;
    const gradient = (atStep && carried ? tf.add(atStep, carried) : (atStep ?? carried)) as tf.Tensor;
    const sum = tf.mul(gradient, factor[step] as tf.Tensor);
    sums[step] = sum;
    if (step === 0) break;
    const through = tf.matMul(sum, recurrentKernel, false, true);
    carried = kept ? tf.add(through, tf.mul(gradient, kept[step] as tf.Tensor)) : through;
  }
  const all = tf.stack(sums);
  const rows = (states: tf.Tensor) => tf.reshape(states, [time * batch, units]);
  return [all, tf.matMul(rows(before(hidden)), rows(all), true, false)];
}
