import type { Seeds } from "../runtime/stateless-random";
import type { tf } from "../runtime/tf";

let current: number | tf.Scalar = 0;

/**
 * Says which training step is computed from here on: the number of updates before it, or (for an engine that records
 * the step once) an int32 scalar that holds it; its owner keeps it alive as long as it is set. Dropout and noise draw
 * the same numbers for the same step, so that a resumed run repeats what it would have drawn.
 */
export function setRandomStep(step: number | tf.Scalar): void {
  current = step;
}

/** The seeds of what a layer with `seed` draws at this step. */
export function stepSeeds(seed: number): Seeds {
  return [seed, current];
}
