import type { AdamUpdate } from "../../optimization/optimizers/native-update";
import { dataTypes, type GraphBuilder, type NodeInput } from "./graph-builder";
import { type NamedWeight, recorded } from "./record-step";
import type { UpdateGate } from "./update-gate";

export interface OwnAdamSources {
  /** Where weights, slots and scalars are read, by their names in recordings. */
  readonly inputs: Readonly<Record<string, NodeInput>>;
  /** All that the step computes, gradients among them. */
  readonly results: Readonly<Record<string, NodeInput>>;
  /** Decides whether the step updates. */
  readonly gate: UpdateGate;
}

const float = { type: dataTypes.float32 };

/**
 * Adds the update of all these weights by our own Adam (native/ops/adam.cc) and returns the nodes that do it: two where some
 * weights decay and others do not. They change in place the memory of what `inputs` read: the variables' own. So they run
 * after everything else of the step, each after all results; what is not needed by a result does not run at all.
 */
export function addOwnAdam(
  graph: GraphBuilder,
  prefix: string,
  update: AdamUpdate,
  weights: readonly NamedWeight[],
  { inputs, results, gate }: OwnAdamSources,
): string[] {
  const { meanShare, squareShare, epsilon, rate, kept } = update;
  const scalar = (name: string) => inputs[recorded.scalar(name)] as NodeInput;
  const computed = new Set(Object.values(results).map(nodeOf));
  const rateInput = `${graph.add(`${prefix}/adam/rate`, "Mul", [scalar(rate.scalar), graph.floatConstant(rate.times)], { T: float })}:0`;
  const isDecayed = ({ shape }: NamedWeight) => kept !== undefined && (kept.ofVectors || shape.length > 1);
  const groups = {
    decaying: weights.filter(isDecayed),
    plain: weights.filter((weight) => !isDecayed(weight)),
  };
  return Object.entries(groups).flatMap(([group, members]) => {
    if (members.length === 0) return [];
    const isTable = ({ name }: NamedWeight) => recorded.gradientRows(name) in results;
    const tables = members.filter(isTable);
    const names = [...tables, ...members.filter((weight) => !isTable(weight))].map(({ name }) => name);
    const of = (source: (name: string) => NodeInput | undefined) => names.map((name) => source(name) as NodeInput);
    const sources = [
      gate.guard(rateInput),
      kept && group === "decaying" ? scalar(kept.scalar) : graph.floatConstant(1),
      ...of((name) => inputs[recorded.weight(name)]),
      ...of((name) => inputs[recorded.slot(name, "mean")]),
      ...of((name) => inputs[recorded.slot(name, "square")]),
      ...of((name) => results[recorded.gradientRows(name)] ?? results[recorded.gradient(name)]),
      ...tables.map(({ name }) => results[recorded.gradientIds(name)] as NodeInput),
    ];
    const waited = new Set(sources.map(nodeOf));
    const after = [...computed].filter((node) => !waited.has(node)).map((node) => `^${node}`);
    const attributes = {
      count: { int: names.length },
      sparse: { int: tables.length },
      mean_share: { float: meanShare },
      square_share: { float: squareShare },
      epsilon: { float: epsilon },
    };
    return [graph.add(`${prefix}/adam/${group}`, "DlctlAdam", [...sources, ...after], attributes)];
  });
}

/** The name of the node whose output this is. */
const nodeOf = (output: NodeInput) => output.replace(/:\d+$/, "");
