import type { ExampleSet, ExampleTargets, WindowPlan } from "../example-set";
import type { InputsOf } from "./define-preprocessing";

/** A table whose rows are still to be cut into windows. */
export interface RowSet extends ExampleSet {
  readonly inputs: InputsOf<"vector">;
  readonly targets: Extract<ExampleTargets, { kind: "values" }>;
  readonly windows: WindowPlan;
}

/** One long text that is still to be cut into windows. */
export interface CorpusSet extends ExampleSet {
  readonly inputs: InputsOf<"corpus">;
  readonly windows: WindowPlan;
}

export function isRowSet(set: ExampleSet): set is RowSet {
  return set.windows !== undefined && set.inputs.kind === "vector" && set.targets.kind === "values";
}

export function isCorpusSet(set: ExampleSet): set is CorpusSet {
  return set.windows !== undefined && set.inputs.kind === "corpus";
}
