import type { SplitIndices, SplitName, WindowPlan } from "../example-set";

/** Steps that follow on one another in one split: from `start` to before `end`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** The longest stretches that no window has to leave: one split, one segment, no step left out. In the order of the steps. */
export function splitRuns(splits: SplitIndices, { segment }: WindowPlan): Record<SplitName, Run[]> {
  const runs = (steps: Int32Array) => {
    const found: Run[] = [];
    let start = 0;
    for (let index = 1; index <= steps.length; index++) {
      const [before, step] = [steps[index - 1] as number, steps[index]];
      if (step === before + 1 && segment(step) === segment(before)) continue;
      found.push({ start: steps[start] as number, end: before + 1 });
      start = index;
    }
    return steps.length === 0 ? [] : found;
  };
  return { train: runs(splits.train), validation: runs(splits.validation), test: runs(splits.test) };
}
