import type { tf } from "../../runtime/tf";

/** What one layer computes for new steps of a sequence, when it has seen those before them. */
export interface LayerStep {
  /**
   * The layer's output `[1, steps, ...]` for new steps, of which the first is step `offset`. For use inside tf.tidy; what is kept for later calls is
   * kept from it.
   */
  advance(inputs: readonly tf.Tensor[], offset: number): tf.Tensor;
  /** Forgets all steps and disposes what was kept. */
  reset(): void;
}

/** A step that needs nothing of earlier ones. */
export function stateless(advance: LayerStep["advance"]): LayerStep {
  return { advance, reset: () => {} };
}
