import type { ExampleSet } from "../example-set";
import { keptPart, type LengthRules } from "./apply-lengths";

/** The class of a step where nothing is to be predicted. */
export const noTarget = -1;

/** The set with a tag list of the model's length for each example, cut and filled up as its words are. */
export function arrangeTags(
  set: ExampleSet,
  { length, ...rules }: LengthRules & { readonly length: number },
): ExampleSet {
  const { targets } = set;
  if (targets.kind !== "sequence" || targets.length !== null) return set;
  const steps = (example: number) => {
    const given = targets.steps(example);
    const { from, count, before } = keptPart(given.length, rules);
    const arranged = new Int32Array(length).fill(noTarget);
    arranged.set(given.subarray(from, from + count), before);
    return arranged;
  };
  return { ...set, targets: { ...targets, length, steps } };
}
