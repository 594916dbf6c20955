import type { CostedLayer } from "../model/costs/cost-layers";
import { addWork, noWork, type Operation, type Work } from "../model/costs/operation";

/** What one operation computes in a training step. */
export interface StepOperation {
  readonly operation: Operation;
  readonly forward: Work;
  readonly backward: Work;
}

/** A layer and what training asks of it. */
export interface StepLayer extends CostedLayer {
  readonly steps: readonly StepOperation[];
  /** Whether the backward pass comes here: something is trained here or above. */
  readonly isReached: boolean;
}

/**
 * What a training step computes of each layer: there is no gradient of the data, of weights that are kept as they are, nor of anything
 * above which nothing is trained.
 */
export function neededPasses(layers: readonly CostedLayer[]): readonly StepLayer[] {
  const reached = new Map<string, boolean>();
  return layers.map((layer) => {
    const isAbove = layer.inputs.some((name) => reached.get(name) === true);
    const isReached = isAbove || layer.trainable > 0;
    reached.set(layer.name, isReached);
    const steps = (layer.operations ?? []).map((operation, index): StepOperation => {
      if (!isReached) return { operation, forward: operation.forward, backward: noWork };
      const isInputNeeded = isAbove || index > 0;
      const backward = addWork([
        isInputNeeded ? operation.inputGradient : noWork,
        layer.trainable > 0 ? operation.weightGradient : noWork,
      ]);
      return { operation, forward: operation.forward, backward };
    });
    return { ...layer, steps, isReached };
  });
}
