import type { tf } from "../runtime/tf";

/** A weight of a tfjs layer, as far as its own types tell of it; `write` applies the weight's constraint. */
export type ModelWeight =
  ReturnType<tf.LayersModel["getWeights"]> extends tf.Tensor[] ? tf.LayersModel["trainableWeights"][number] : never;

/**
 * Names of `weights` that are the same in every process and for every build of the model: `conv1/kernel`. tfjs adds
 * `_1` to a name it has seen before in the process; here a number is added only where two weights of one model would share a
 * name, in their order.
 */
export function weightNames(weights: readonly ModelWeight[]): string[] {
  const seen = new Map<string, number>();
  return weights.map(({ originalName }) => {
    const count = (seen.get(originalName) ?? 0) + 1;
    seen.set(originalName, count);
    return count === 1 ? originalName : `${originalName}_${count - 1}`;
  });
}
