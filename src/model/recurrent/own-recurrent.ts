import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { noMask, type RecurrentKernel } from "./recurrent-kernel";

/** A layer's forward and backward pass as operations of dlctl's. */
export interface OwnRecurrent {
  /** The forward operation; the backward one's name is this and "Gradient". */
  readonly name: string;
  /** How many results the forward operation has: the layer's output, and states for the backward pass. */
  readonly results: number;
  /** How many results the backward operation has. */
  readonly gradients: number;
  /** The states that the backward operation takes, after the output's gradient and the recurrent kernel and before the mask. */
  taken(states: readonly tf.Tensor[]): readonly tf.Tensor[];
  /** The gradients of x, kernel, recurrent kernel and bias from the backward operation's results. */
  finish(layer: OwnLayer, states: readonly tf.Tensor[], results: readonly tf.Tensor2D[]): tf.Tensor[];
}

/** What a gradient is taken of. */
export interface OwnLayer {
  /** `[batch, steps, features]` */
  readonly x: tf.Tensor3D;
  readonly kernel: tf.Tensor2D;
  readonly recurrentKernel: tf.Tensor2D;
}

/** The kernel of a recurrent layer that computes all steps in one operation, and their gradients in another. */
export function ownRecurrent(native: NativeOps, pass: OwnRecurrent): RecurrentKernel {
  return (x, { kernel, recurrentKernel, bias }, { mask = noMask(), returnSequences }) => {
    const attributes = { sequences: { bool: returnSequences } } as const;
    const compute = tf.customGrad((...given) => {
      const save = given.pop() as unknown as tf.GradSaveFunc;
      const [x, kernel, recurrentKernel, bias] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const outputs = native.executeOp(pass.name, attributes, [x, kernel, recurrentKernel, bias, mask], pass.results);
      const [value, ...states] = outputs as [tf.Tensor, ...tf.Tensor[]];
      save([x, kernel, recurrentKernel, mask, ...states]);
      return { value, gradFunc: backward };
    });
    return compute(x, kernel, recurrentKernel, bias);

    function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
      const [x, kernel, recurrentKernel, mask, ...states] = saved as [
        ...[tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor],
        ...tf.Tensor[],
      ];
      const inputs = [dy, recurrentKernel, ...pass.taken(states), mask];
      const results = native.executeOp(`${pass.name}Gradient`, attributes, inputs, pass.gradients);
      return pass.finish({ x, kernel, recurrentKernel }, states, results as tf.Tensor2D[]);
    }
  };
}
