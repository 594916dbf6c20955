import type { BindingAttribute, NativeBinding } from "../../runtime/native-backend";
import { type BatchConstant, type BatchInteger, type BatchSizes, batchConstant } from "../graph/batch-constant";
import { dataTypes } from "../graph/graph-builder";
import { NotRecordableError } from "../graph/record";
import type { RecordedConstant, RecordedOp, Recording, ValueSource } from "../graph/recording";
import {
  nodeSource,
  type ProgramAttribute,
  type ProgramGraph,
  type ProgramNode,
  type ProgramSource,
} from "./program-graph";

/**
 * One graph, for any batch size, of a computation recorded at two: where the two differ, a constant becomes an operation that makes it
 * from the batch size (native/program/batch_constants.cc). `weights` are inputs of the recordings that are constants of the program.
 * Throws NotRecordableError where the recordings differ in another way.
 */
export function mergeRecordings(
  binding: NativeBinding,
  [first, second]: readonly [Recording, Recording],
  sizes: BatchSizes,
  weights: ReadonlyMap<string, RecordedConstant>,
): ProgramGraph {
  if (first.ops.length !== second.ops.length || first.ops.some(({ op }, index) => op !== second.ops[index]?.op)) {
    throw new NotRecordableError("it runs other ops at another batch size");
  }
  const nodes: ProgramNode[] = [];
  const ops: ProgramNode[] = [];
  const known = new Map<string, ProgramSource>();
  const graph: ProgramGraph = { nodes, results: new Map() };
  first.ops.forEach((recorded, index) => {
    const other = second.ops[index] as RecordedOp;
    const inputs = recorded.inputs.map((source, at) => merge(source, other.inputs[at] as ValueSource, recorded.op));
    const attributes = attributesOf(binding, recorded, other);
    const node = { op: recorded.op, attributes, inputs, outputCount: recorded.outputCount };
    nodes.push(node);
    ops.push(node);
  });
  for (const [name, source] of Object.entries(first.results)) {
    graph.results.set(name, merge(source, second.results[name] as ValueSource, `result ${name}`));
  }
  return graph;

  function merge(a: ValueSource, b: ValueSource, op: string): ProgramSource {
    if (a.from === "op" && b.from === "op" && a.op === b.op && a.output === b.output)
      return nodeSource(ops[a.op] as ProgramNode, a.output);
    if (a.from === "input" && b.from === "input" && a.name === b.name) {
      const constant = weights.get(a.name);
      return constant ? { from: "constant", constant } : { from: "input", name: a.name };
    }
    if (a.from !== "constant" || b.from !== "constant")
      throw new NotRecordableError(`${op} takes different inputs at different batch sizes`);
    const key = `${a.constant} ${b.constant}`;
    const source = known.get(key) ?? mergeConstants(first.constants[a.constant], second.constants[b.constant], op);
    known.set(key, source);
    return source;
  }

  function mergeConstants(a: RecordedConstant | undefined, b: RecordedConstant | undefined, op: string): ProgramSource {
    const constant = a && b && batchConstant(a, b, sizes);
    if (!constant)
      throw new NotRecordableError(`a constant of ${op} changes with the batch in a way that can't be told`);
    if (constant.kind === "fixed") return { from: "constant", constant: constant.constant };
    const node = batchNode(constant);
    nodes.push(node);
    return nodeSource(node);
  }
}

function batchNode(constant: Exclude<BatchConstant, { kind: "fixed" }>): ProgramNode {
  const node = (op: string, attributes: ProgramNode["attributes"]) => ({ op, attributes, inputs: [], outputCount: 1 });
  switch (constant.kind) {
    case "integers":
      return node("BatchIntegers", { ...linear(constant.values), scalar: { bool: constant.rank === 0 } });
    case "scalar":
      return node("BatchFill", fill([], dataTypes.float32, constant.scalar));
    case "fill":
      return node("BatchFill", fill(constant.shape, constant.dtype, constant.scalar));
    case "range":
      return node("BatchRange", {});
  }
}

function fill(shape: readonly BatchInteger[], dtype: number, { value, power }: { value: number; power: number }) {
  return { ...linear(shape), value: { float: value }, power: { int: power }, dtype: { int: dtype } };
}

/** Each integer as a factor of the batch size and an offset. */
function linear(values: readonly BatchInteger[]): Readonly<Record<string, ProgramAttribute>> {
  const factors = values.map((value) => ("perExample" in value ? value.perExample : "offset" in value ? 1 : 0));
  const offsets = values.map((value) => ("fixed" in value ? value.fixed : "offset" in value ? value.offset : 0));
  return { factors: { ints: factors }, offsets: { ints: offsets } };
}

function attributesOf(binding: NativeBinding, { op, attributes }: RecordedOp, other: RecordedOp) {
  return Object.fromEntries(
    attributes.map((attribute, index) => {
      if (JSON.stringify(attribute) !== JSON.stringify(other.attributes[index])) {
        throw new NotRecordableError(`${op}'s ${attribute.name} depends on the batch size`);
      }
      return [attribute.name, programAttribute(binding, attribute, op)];
    }),
  );
}

function programAttribute(
  binding: NativeBinding,
  { name, type, value }: BindingAttribute,
  op: string,
): ProgramAttribute {
  if (typeof value === "string") return { text: value };
  if (typeof value === "boolean") return { bool: value };
  if (type === binding.TF_ATTR_BOOL) return { bool: Boolean(value) };
  if (Array.isArray(value) && value.every(Number.isInteger)) return { ints: value };
  if (typeof value !== "number") throw new NotRecordableError(`${op}'s ${name} is of an unknown kind`);
  return type === binding.TF_ATTR_FLOAT ? { float: value } : { int: value };
}
