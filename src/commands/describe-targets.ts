import type { ExampleTargets } from "../data/example-set";

/** What a model predicts, as the fields that commands print with `--json`. */
export function targetsJson(targets: ExampleTargets | undefined) {
  return {
    task: targets === undefined ? null : taskOf(targets),
    labels: targets?.kind === "class" ? targets.labels : null,
    targets: targets?.kind === "values" ? targets.names : null,
  };
}

/** Label and text of the lines that say it to people. */
export function describeTargets(targets: ExampleTargets): [label: string, text: string][] {
  const names = targets.kind === "class" ? targets.labels : targets.names;
  return [
    ["task", taskOf(targets)],
    [targets.kind === "class" ? "classes" : "values", describeNames(names)],
  ];
}

/** How many there are, and the first dozen. */
export function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  return `${names.length}: ${shown}${names.length > 12 ? ", ..." : ""}`;
}

const taskOf = ({ kind }: ExampleTargets) => (kind === "class" ? "classification" : "regression");
