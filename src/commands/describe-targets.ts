import type { ExampleSet, Task } from "../data/example-set";
import { classLabels, targetNames } from "../data/target-names";
import { taskOf } from "../train/infer-task";

type Predicted = Pick<ExampleSet, "targets" | "task">;

/** What a model predicts, as the fields that commands print with `--json`. */
export function targetsJson(predicted: Predicted | undefined) {
  const { targets } = predicted ?? {};
  return {
    task: predicted ? taskOf(predicted) : null,
    labels: (targets && classLabels(targets)) ?? null,
    targets: targets?.kind === "values" ? targets.names : null,
  };
}

const nouns: Record<Task, string> = {
  classification: "classes",
  regression: "values",
  forecasting: "values",
  tokens: "classes",
  languageModel: "tokens",
};

/** Label and text of the lines that say it to people. */
export function describeTargets(predicted: Predicted): [label: string, text: string][] {
  const task = taskOf(predicted);
  return [
    ["task", task],
    [nouns[task], describeNames(targetNames(predicted.targets))],
  ];
}

/** How many there are, and the first dozen. */
export function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => (/^\s*$/.test(name) ? JSON.stringify(name) : name));
  return `${names.length}: ${shown.join(", ")}${names.length > 12 ? ", ..." : ""}`;
}
