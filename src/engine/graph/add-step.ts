import type { NativeUpdateInput } from "../../optimization/optimizers/native-update";
import type { NativeBinding } from "../../runtime/native-backend";
import { targetForm } from "../encode-targets";
import type { TrainingProgram } from "../engine";
import { addOwnAdam } from "./add-own-adam";
import { addRecording } from "./add-recording";
import type { BatchSizes } from "./batch-constant";
import { addBatchSize, addBytesCast } from "./batch-size";
import { dataTypes, type GraphBuilder, type NodeInput } from "./graph-builder";
import type { GraphVariables } from "./graph-variables";
import { isNativelyUpdated, type NamedWeight, ownAdamOf, recorded, scalesLoss } from "./record-step";
import type { Recording } from "./recording";
import { splitTableGradients } from "./split-table-gradients";
import { addUpdateGate, type UpdateGate } from "./update-gate";

/** What a step is added to, and of what. */
export interface StepGraph {
  readonly graph: GraphBuilder;
  readonly variables: GraphVariables;
  readonly binding: NativeBinding;
  readonly program: TrainingProgram;
  readonly weights: readonly NamedWeight[];
}

/** The nodes to feed and to fetch. */
export interface StepNodes {
  readonly inputs: NodeInput;
  readonly targets: NodeInput;
  /** Float32 vector of the optimizer's scalars in their order; int32 scalar of the step. Training only. */
  readonly scalars: NodeInput;
  readonly step: NodeInput;
  /** Float32 scalar that the loss is multiplied by on its way backward; fed in float16 alone. */
  readonly lossScale: NodeInput;
  /** The vector of statistics; comes when all updates are done. In float16 followed by 1, or 0 where none were made. */
  readonly result: NodeInput;
}

export const scalarNames = ({ optimizer }: TrainingProgram): string[] =>
  Object.keys(optimizer.scalars({ learningRate: 1, step: 1 }));

const float = { type: dataTypes.float32 };
const int = { type: dataTypes.int32 };

/** Adds the evaluation of a batch. */
export function addEvaluation(
  to: StepGraph,
  recordings: readonly [Recording, Recording],
  sizes: BatchSizes,
): StepNodes {
  const prefix = "evaluate";
  const fed = addBatch(to, prefix);
  const inputs = { ...fed.sources, ...weightSources(to, prefix) };
  const { statistics } = addRecording(to.graph, to.binding, recordings, sizes, { prefix, inputs, batchSize: fed.size });
  return { ...fed.nodes, result: finish(to, prefix, statistics as NodeInput, []) };
}

/** Adds a training step: it changes the variables. */
export function addTrainingStep(
  to: StepGraph,
  recordings: readonly [Recording, Recording],
  sizes: BatchSizes,
): StepNodes {
  const prefix = "train";
  const { graph, program, weights } = to;
  const fed = addBatch(to, prefix);
  const scalars = addScalars(to, prefix);
  const slots = weights.filter(({ isTrainable }) => isTrainable).flatMap((weight) => slotSources(to, prefix, weight));
  const scale = scalesLoss(program) ? { [recorded.lossScale]: addLossScale(to, fed.nodes.lossScale) } : {};
  const inputs = { ...fed.sources, ...weightSources(to, prefix), ...scalars, ...scale, ...Object.fromEntries(slots) };
  const placement = { prefix, inputs: { ...inputs, [recorded.step]: fed.nodes.step }, batchSize: fed.size };
  const adam = ownAdamOf(program);
  const [a, b] = recordings.map((recording) => (adam ? splitTableGradients(recording, weights) : recording));
  const results = addRecording(graph, to.binding, [a as Recording, b as Recording], sizes, placement);
  const updated = weights.filter((weight) => isNativelyUpdated(program, weight));
  const copied = adam ? addCopies(graph, prefix, results) : results;
  const statistics = copied[recorded.statistics] as NodeInput;
  const finite = results[recorded.isFinite];
  const gate = finite === undefined ? openGate(to, prefix) : addUpdateGate(graph, prefix, finite);
  const assigned = Object.entries(copied)
    .filter(([name]) => isVariable(name))
    .map(([name, source]) =>
      graph.add(`${prefix}/assign/${name}`, "AssignVariableOp", [`${name}:0`, gate.guard(source)], { dtype: float }),
    );
  const updates = adam
    ? addOwnAdam(graph, prefix, adam, updated, { inputs, results: copied, gate })
    : updated.map((weight) => {
        const gradient = gate.guard(results[recorded.gradient(weight.name)] as NodeInput);
        return addNativeUpdate(to, prefix, weight, gradient, scalars);
      });
  return { ...fed.nodes, result: gate.result(statistics, [...updates, ...assigned]) };
}

/** What is fed is named as the placeholder is. */
function addLossScale({ graph }: StepGraph, node: NodeInput): NodeInput {
  return `${graph.add(node.replace(/:0$/, ""), "Placeholder", [], { dtype: float, shape: { shape: [] } })}:0`;
}

/** Every step updates. */
const openGate = (to: StepGraph, prefix: string): UpdateGate => ({
  guard: (value) => value,
  result: (statistics, updates) => finish(to, prefix, statistics, updates),
});

/** Whether a result of a recording is the new value of a variable. */
const isVariable = (result: string) => result.startsWith("weight/") || result.startsWith("slot/");

/**
 * The results with those copied that outlive the step: they may share memory with a variable (a reshape does), which our own
 * Adam changes in place.
 */
function addCopies(
  graph: GraphBuilder,
  prefix: string,
  results: Readonly<Record<string, NodeInput>>,
): Record<string, NodeInput> {
  const copy = ([name, source]: [string, NodeInput]): [string, NodeInput] =>
    isVariable(name) || name === recorded.statistics
      ? [name, `${graph.add(`${prefix}/copy/${name}`, "DeepCopy", [source], { T: float })}:0`]
      : [name, source];
  return Object.fromEntries(Object.entries(results).map(copy));
}

function finish({ graph }: StepGraph, prefix: string, statistics: NodeInput, updates: readonly string[]): NodeInput {
  const after = updates.map((name) => `^${name}`);
  return `${graph.add(`${prefix}/result`, "Identity", [statistics, ...after], { T: float })}:0`;
}

function addBatch({ graph, program }: StepGraph, prefix: string) {
  const [, ...inner] = program.model.inputs[0]?.shape ?? [];
  const shape = [-1, ...(inner as number[])];
  const dtype = { type: dataTypes[program.inputDtype] };
  const inputs = `${graph.add(`${prefix}/inputs`, "Placeholder", [], { dtype, shape: { shape } })}:0`;
  const form = targetForm(program);
  const targetShape = { shape: [-1, ...form.shape] };
  const targetType = form.dtype === "float32" ? float : int;
  const targets = `${graph.add(`${prefix}/targets`, "Placeholder", [], { dtype: targetType, shape: targetShape })}:0`;
  const step = `${graph.add(`${prefix}/step`, "Placeholder", [], { dtype: int, shape: { shape: [] } })}:0`;
  const numbers = program.inputDtype === "uint8" ? addBytesCast(graph, prefix, inputs) : inputs;
  return {
    nodes: { inputs, targets, step, scalars: `${prefix}/scalars:0`, lossScale: `${prefix}/lossScale:0` },
    sources: { [recorded.inputs]: numbers, [recorded.targets]: targets },
    size: addBatchSize(graph, prefix, inputs, dtype.type),
  };
}

function weightSources({ weights, variables }: StepGraph, prefix: string): Record<string, NodeInput> {
  return Object.fromEntries(
    weights.map(({ name }) => [recorded.weight(name), variables.read(prefix, recorded.weight(name))]),
  );
}

function slotSources({ program, variables }: StepGraph, prefix: string, { name }: NamedWeight): [string, NodeInput][] {
  return Object.keys(program.optimizer.slots).map((slot) => {
    const variable = recorded.slot(name, slot);
    return [variable, variables.read(prefix, variable)];
  });
}

function addScalars({ graph, program }: StepGraph, prefix: string): Record<string, NodeInput> {
  const names = scalarNames(program);
  const shape = { shape: [names.length] };
  const fed = graph.add(`${prefix}/scalars`, "Placeholder", [], { dtype: float, shape });
  const attributes = { T: float, num: { int: names.length }, axis: { int: 0 } };
  const single = graph.add(`${prefix}/scalar`, "Unpack", [`${fed}:0`], attributes);
  return Object.fromEntries(names.map((name, index) => [recorded.scalar(name), `${single}:${index}`]));
}

function addNativeUpdate(
  { graph, program }: StepGraph,
  prefix: string,
  { name }: NamedWeight,
  gradient: NodeInput,
  scalars: Readonly<Record<string, NodeInput>>,
): string {
  const { native } = program.optimizer;
  if (!native) throw new Error("The optimizer has no op of its own");
  const sourceOf = (input: NativeUpdateInput, index: number): NodeInput => {
    if (input === "variable") return `${recorded.weight(name)}:0`;
    if (input === "gradient") return gradient;
    if ("slot" in input) return `${recorded.slot(name, input.slot)}:0`;
    if ("constant" in input) return graph.floatConstant(input.constant);
    const scalar = scalars[recorded.scalar(input.scalar)] as NodeInput;
    if (input.times === undefined) return scalar;
    const product = `${prefix}/update/${name}/${index}`;
    return `${graph.add(product, "Mul", [scalar, graph.floatConstant(input.times)], { T: float })}:0`;
  };
  const booleans = Object.entries(native.booleans ?? {}).map(([key, value]) => [key, { bool: value }] as const);
  const attributes = { T: float, use_locking: { bool: false }, ...Object.fromEntries(booleans) };
  return graph.add(`${prefix}/update/${name}`, native.op, native.inputs.map(sourceOf), attributes);
}
