import { type Comparable, readComparable } from "../compare/comparable";
import { type Comparison, compare, comparedParts, isSame } from "../compare/compare";
import type { DifferingHistory } from "../compare/compare-histories";
import type { DifferingWeight } from "../compare/compare-weights";
import { formatConfigPath } from "../config/config-path";
import type { DifferingValue } from "../shared/differing-values";
import { DifferenceError } from "../shared/errors";
import { formatShape } from "../shared/shape";
import type { CommandContext } from "./context";
import { formatTable } from "./format-table";

/** `dlctl compare`: where two models or runs differ. Throws DifferenceError, when all is said, if they do. */
export async function compareCommand(context: CommandContext, pathA: string, pathB: string): Promise<void> {
  const a = await readComparable(pathA);
  const b = await readComparable(pathB);
  const comparison = compare(a, b);
  for (const line of describe(a, b, comparison)) context.print(line);
  await context.json(toJson(a, b, comparison));
  if (comparison.isEqual) return;
  const parts = comparedParts.filter((part) => !isSame(comparison[part]));
  throw new DifferenceError(`${pathA} and ${pathB} differ in ${parts.join(", ")}`);
}

function describe(a: Comparable, b: Comparable, comparison: Comparison): string[] {
  const { weightCounts, weights, history, environment } = comparison;
  const title = `a  ${a.path}${note(a)}\nb  ${b.path}${note(b)}`;
  const values = (["config", "data", "preprocessing", "topology", "metrics"] as const).flatMap((part) =>
    isSame(comparison[part]) ? [] : ["", ...section(part, valueTable(comparison[part]))],
  );
  return [
    ...title.split("\n"),
    ...values,
    ...(weights.length === 0 ? [] : ["", ...section("weights", weightTable(weights))]),
    ...(history === undefined ? [] : ["", ...section("history", historyLines(history))]),
    ...(environment.length === 0
      ? []
      : ["", ...section("environment (no difference, but maybe a reason)", valueTable(environment))]),
    "",
    comparison.isEqual
      ? `equal: config, data, preprocessing, history, metrics, and all ${weightCounts.all} weights bit for bit`
      : `${weightCounts.equal} of ${weightCounts.all} weights are the same bit for bit`,
  ];
}

const note = ({ state, history }: Comparable) =>
  state === "finished"
    ? ""
    : `  (an unfinished run, after ${history.length} ${history.length === 1 ? "epoch" : "epochs"})`;

const section = (title: string, lines: readonly string[]) => [title, ...lines.map((line) => `  ${line}`)];

/** Longer lists say less. */
const mostRows = 30;

function valueTable(values: readonly DifferingValue[]): string[] {
  const rows = values.map(({ path, a, b }) => [formatConfigPath(path), show(a), show(b)]);
  return shortened(["key", "a", "b"], rows);
}

function weightTable(weights: readonly DifferingWeight[]): string[] {
  return shortened(["weight", "differs in", "by", "largest"], weights.map(weightRow));
}

function weightRow(weight: DifferingWeight): string[] {
  switch (weight.kind) {
    case "onlyInA":
      return [weight.name, `only in a, ${formatShape(weight.shape)}`];
    case "onlyInB":
      return [weight.name, `only in b, ${formatShape(weight.shape)}`];
    case "shape":
      return [weight.name, `${formatShape(weight.a)} and ${formatShape(weight.b)}`];
    case "values":
      return [
        weight.name,
        `${weight.differing} of ${weight.size} numbers`,
        `at most ${figure(weight.maxDifference)}`,
        `of ${figure(weight.largest)}`,
      ];
  }
}

function historyLines({ epochs, firstEpoch, figures }: DifferingHistory): string[] {
  const counts = epochs.a === epochs.b ? [] : [`${epochs.a} epochs in a, ${epochs.b} in b`];
  if (firstEpoch === null) return [...counts, "the same as far as both go"];
  const rows = figures.map(({ name, a, b }) => [name, show(a), show(b)]);
  return [...counts, `the first epoch that differs is ${firstEpoch}`, ...shortened(["figure", "a", "b"], rows)];
}

function shortened(head: readonly string[], rows: readonly string[][]): string[] {
  const more = rows.length > mostRows ? [`... and ${rows.length - mostRows} more (--json lists all)`] : [];
  return [...formatTable(head, rows.slice(0, mostRows)), ...more];
}

const figure = (value: number) => String(Number(value.toPrecision(3)));

function show(value: unknown): string {
  if (value === undefined) return "-";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function toJson(a: Comparable, b: Comparable, { isEqual, history, ...parts }: Comparison): object {
  const values = (list: readonly DifferingValue[]) =>
    list.map((value) => ({ key: formatConfigPath(value.path), a: value.a ?? null, b: value.b ?? null }));
  return {
    a: a.path,
    b: b.path,
    equal: isEqual,
    config: values(parts.config),
    data: values(parts.data),
    preprocessing: values(parts.preprocessing),
    topology: values(parts.topology),
    weights: parts.weights,
    weightCounts: parts.weightCounts,
    metrics: values(parts.metrics),
    history: history ?? null,
    environment: values(parts.environment),
  };
}
