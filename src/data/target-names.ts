import type { ExampleTargets } from "./example-set";

/** What the model's outputs are called, in their order: class labels, or names of values. */
export function targetNames(targets: ExampleTargets): readonly string[] {
  return targets.kind === "values" ? targets.names : targets.labels;
}

/** Labels of the classes, one for each example or each step; undefined where numbers are predicted. */
export function classLabels(targets: ExampleTargets): readonly string[] | undefined {
  return targets.kind === "values" ? undefined : targets.labels;
}
