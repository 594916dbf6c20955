import type { ActivationName } from "../activations";
import { noWork, type Operation, type Work } from "./operation";

interface PassOver {
  /** Arithmetic steps for each number. */
  readonly flops: number;
  /** How often the numbers are read or written. */
  readonly moves: number;
  readonly launches?: number;
}

interface Elementwise {
  /** Numbers of the output per example. */
  readonly numbers: number;
  readonly forward: PassOver;
  readonly backward: PassOver;
  /** Copies of the numbers that stay for the backward pass. */
  readonly kept: number;
  /** Learned numbers, once a batch. */
  readonly weights?: number;
  readonly transient?: number;
}

const passOver = (numbers: number, { flops, moves, launches = 1 }: PassOver, weights = 0): Work => ({
  flops: flops * numbers,
  paddedFlops: flops * numbers,
  moved: moves * numbers,
  movedOnce: weights,
  launches,
});

/** Something done to each number by itself, or with few others. */
export function elementwise({ numbers, forward, backward, kept, weights = 0, transient = 0 }: Elementwise): Operation {
  return {
    kind: "elementwise",
    multiplyAdds: 0,
    forward: passOver(numbers, forward, weights),
    inputGradient: backward.launches === 0 ? noWork : passOver(numbers, backward),
    // The sum over all examples is another pass over the gradient.
    weightGradient: weights > 0 ? passOver(numbers, { flops: 1, moves: 1 }, weights) : noWork,
    kept: kept * numbers,
    transient: transient * numbers,
  };
}

/** A bias for each of `channels`, added in place. Its gradient in the input is the output's. */
export function bias(isUsed: boolean, numbers: number, channels: number): Operation[] {
  if (!isUsed) return [];
  const nothing = { flops: 0, moves: 0, launches: 0 };
  return [elementwise({ numbers, forward: { flops: 1, moves: 2 }, backward: nothing, kept: 0, weights: channels })];
}

/** Steps, moves and kernels of an activation forward and backward, and what is kept beside the number it is made of. */
interface ActivationCost {
  readonly forward: PassOver;
  readonly backward: PassOver;
  readonly kept: number;
}

const composed = (forward: number, backward: number, kept: number): ActivationCost => ({
  forward: { flops: forward, moves: 3 * forward, launches: forward },
  backward: { flops: backward, moves: 3 * backward, launches: backward },
  kept,
});

/** As the engine executes them: one kernel where TensorFlow has one, else several of tfjs's. */
const activations: Readonly<Record<ActivationName | "logSoftmax", ActivationCost | undefined>> = {
  linear: undefined,
  // Gradients by the output, which overwrites what it is made of.
  sigmoid: { forward: { flops: 4, moves: 2 }, backward: { flops: 3, moves: 3 }, kept: 0 },
  tanh: { forward: { flops: 4, moves: 2 }, backward: { flops: 3, moves: 3 }, kept: 0 },
  softmax: { forward: { flops: 5, moves: 4 }, backward: { flops: 4, moves: 9, launches: 3 }, kept: 0 },
  // Gradients by the input, which stays.
  relu: { forward: { flops: 1, moves: 2 }, backward: { flops: 1, moves: 3 }, kept: 1 },
  relu6: { forward: { flops: 2, moves: 2 }, backward: { flops: 2, moves: 8, launches: 4 }, kept: 1 },
  elu: { forward: { flops: 3, moves: 2 }, backward: { flops: 2, moves: 3 }, kept: 0 },
  selu: { forward: { flops: 4, moves: 2 }, backward: { flops: 4, moves: 9, launches: 6 }, kept: 1 },
  softplus: { forward: { flops: 3, moves: 2 }, backward: { flops: 5, moves: 5, launches: 2 }, kept: 1 },
  softsign: composed(3, 6, 2),
  hardSigmoid: composed(4, 4, 2),
  swish: composed(2, 5, 2),
  mish: composed(4, 8, 3),
  gelu: composed(5, 7, 2),
  logSoftmax: { forward: { flops: 5, moves: 6, launches: 5 }, backward: { flops: 4, moves: 9, launches: 4 }, kept: 0 },
};

/** An activation of `numbers` per example. */
export function activation(name: ActivationName, numbers: number): Operation[] {
  const cost = activations[name];
  return cost ? [elementwise({ numbers, ...cost })] : [];
}

/** One kernel that reads `reads` inputs of the output's size. `kept`: whether its result is needed again. */
export function combination(numbers: number, inputs: number, kept = 1): Operation {
  const launches = Math.max(1, inputs - 1);
  return elementwise({
    numbers,
    forward: { flops: launches, moves: 3 * launches, launches },
    backward: { flops: inputs, moves: 2 * inputs, launches: inputs },
    kept,
  });
}

/** Numbers that change their places: a transposition, a concatenation, a crop. */
export function copy(numbers: number): Operation {
  const pass = { flops: 0, moves: 2 };
  return elementwise({ numbers, forward: pass, backward: pass, kept: 1 });
}

/** Layer normalization as the engine executes it: two passes for the mean and variance, then scale and shift. */
export function normalization(numbers: number, weights: number): Operation {
  return elementwise({
    numbers,
    forward: { flops: 7, moves: 13, launches: 9 },
    backward: { flops: 8, moves: 16, launches: 9 },
    kept: 2,
    weights,
  });
}

/** Batch normalization by TensorFlow's fused kernels. */
export function batchNormalization(numbers: number, channels: number): Operation {
  return elementwise({
    numbers,
    forward: { flops: 5, moves: 4, launches: 8 },
    backward: { flops: 8, moves: 6, launches: 2 },
    kept: 1,
    weights: channels,
  });
}

/** Random factors, in training alone: they are made and kept. Nothing is done in prediction. */
export function noise(numbers: number, shared = numbers): Operation[] {
  const share = shared / numbers;
  return [
    {
      ...elementwise({
        numbers,
        forward: { flops: 0, moves: 0, launches: 0 },
        // Making the factors is work of training: it is counted with the backward pass.
        backward: { flops: 2 + 8 * share, moves: 6 + 4 * share, launches: 6 },
        kept: 1 + share,
      }),
    },
  ];
}
