import { tf } from "../../runtime/tf";
import type { LayerStep } from "./layer-step";

/** Fields of tfjs's recurrent layers that its types don't show. */
export interface RecurrentLayer extends tf.layers.Layer {
  readonly cell: tf.layers.Layer & { readonly stateSize: number | readonly number[] };
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

/** A recurrent layer that goes on from the state it was in. */
export function recurrentStep({ cell }: RecurrentLayer): LayerStep {
  const sizes = [cell.stateSize].flat() as number[];
  let states: tf.Tensor[] | undefined;
  const reset = () => {
    tf.dispose(states ?? []);
    states = undefined;
  };
  return {
    reset,
    advance: ([x]) => {
      const steps = tf.unstack(x as tf.Tensor, 1);
      let current = states ?? sizes.map((size) => tf.zeros([1, size]));
      const outputs = steps.map((step) => {
        const [output, ...next] = cell.call([step, ...current], {}) as tf.Tensor[];
        current = next;
        return output as tf.Tensor;
      });
      const kept = current.map((state) => tf.keep(tf.clone(state)));
      reset();
      states = kept;
      return tf.stack(outputs, 1);
    },
  };
}
