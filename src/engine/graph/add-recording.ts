import type { NativeBinding } from "../../runtime/native-backend";
import {
  type BatchConstant,
  type BatchInteger,
  type BatchScalar,
  type BatchSizes,
  batchConstant,
} from "./batch-constant";
import { dataTypes, type GraphBuilder, type NodeInput, nodeAttribute } from "./graph-builder";
import { NotRecordableError } from "./record";
import type { RecordedOp, Recording, ValueSource } from "./recording";

export interface RecordingPlacement {
  /** Put before the names of all its nodes. */
  readonly prefix: string;
  /** Where each of the recording's inputs comes from. */
  readonly inputs: Readonly<Record<string, NodeInput>>;
  /** An int32 scalar, the number of examples. */
  readonly batchSize: NodeInput;
}

/**
 * Adds a computation, recorded at two batch sizes, to the graph so that it works at any: where the two differ, a number
 * becomes a function of the batch size. Returns where its results are. Throws NotRecordableError where the two
 * differ in another way.
 */
export function addRecording(
  graph: GraphBuilder,
  binding: NativeBinding,
  [first, second]: readonly [Recording, Recording],
  sizes: BatchSizes,
  { prefix, inputs, batchSize }: RecordingPlacement,
): Record<string, NodeInput> {
  requireSameOps(first, second);
  const constants = new BatchConstants(graph, prefix, batchSize);
  const constantOf = memoize((index: number, other: number, op: string) => {
    const a = first.constants[index];
    const b = second.constants[other];
    const constant = a && b && batchConstant(a, b, sizes);
    if (!constant)
      throw new NotRecordableError(`a constant of ${op} changes with the batch in a way that can't be told`);
    return constants.add(constant);
  });
  const inputOf = (a: ValueSource, b: ValueSource, op: string): NodeInput => {
    if (a.from === "op" && b.from === "op" && a.op === b.op && a.output === b.output)
      return `${prefix}/${a.op}:${a.output}`;
    if (a.from === "input" && b.from === "input" && a.name === b.name) return inputs[a.name] as NodeInput;
    if (a.from === "constant" && b.from === "constant") return constantOf(a.constant, b.constant, op);
    throw new NotRecordableError(`${op} takes different inputs at different batch sizes`);
  };
  first.ops.forEach((recorded, index) => {
    const other = second.ops[index] as RecordedOp;
    const sources = recorded.inputs.map((source, at) => inputOf(source, other.inputs[at] as ValueSource, recorded.op));
    graph.add(`${prefix}/${index}`, recorded.op, sources, attributesOf(binding, recorded, other));
  });
  return Object.fromEntries(
    Object.entries(first.results).map(([name, source]) => [
      name,
      inputOf(source, second.results[name] as ValueSource, `result ${name}`),
    ]),
  );
}

function requireSameOps(first: Recording, second: Recording): void {
  if (first.ops.length === second.ops.length && first.ops.every(({ op }, i) => op === second.ops[i]?.op)) return;
  throw new NotRecordableError("it runs other ops at another batch size");
}

function attributesOf(binding: NativeBinding, { op, attributes }: RecordedOp, other: RecordedOp) {
  return Object.fromEntries(
    attributes.map((attribute, index) => {
      if (JSON.stringify(attribute) !== JSON.stringify(other.attributes[index])) {
        throw new NotRecordableError(`${op}'s ${attribute.name} depends on the batch size`);
      }
      return [attribute.name, nodeAttribute(binding, attribute)];
    }),
  );
}

/** Adds the nodes that compute a constant from the batch size. */
class BatchConstants {
  private count = 0;
  private floatSize: NodeInput | undefined;

  constructor(
    private readonly graph: GraphBuilder,
    private readonly prefix: string,
    private readonly batchSize: NodeInput,
  ) {}

  add(constant: BatchConstant): NodeInput {
    switch (constant.kind) {
      case "fixed":
        return this.graph.constant(constant.constant);
      case "integers":
        return constant.rank === 0 ? this.integer(constant.values[0] as BatchInteger) : this.vector(constant.values);
      case "scalar":
        return this.scalar(constant.scalar, dataTypes.float32);
      case "fill":
        return this.node("Fill", [this.vector(constant.shape), this.scalar(constant.scalar, constant.dtype)], {
          T: { type: constant.dtype },
          index_type: { type: dataTypes.int32 },
        });
      case "range":
        return this.node("Range", [this.graph.intConstant(0), this.batchSize, this.graph.intConstant(1)], {
          Tidx: { type: dataTypes.int32 },
        });
    }
  }

  private integer(value: BatchInteger): NodeInput {
    if ("fixed" in value) return this.graph.intConstant(value.fixed);
    const type = { T: { type: dataTypes.int32 } };
    if ("offset" in value) return this.node("AddV2", [this.batchSize, this.graph.intConstant(value.offset)], type);
    if (value.perExample === 1) return this.batchSize;
    return this.node("Mul", [this.batchSize, this.graph.intConstant(value.perExample)], type);
  }

  private vector(values: readonly BatchInteger[]): NodeInput {
    if (values.every((value) => "fixed" in value)) return this.graph.intConstant(values.map(({ fixed }) => fixed));
    const attributes = { T: { type: dataTypes.int32 }, N: { int: values.length }, axis: { int: 0 } };
    return this.node(
      "Pack",
      values.map((value) => this.integer(value)),
      attributes,
    );
  }

  private scalar({ value, power }: BatchScalar, dtype: number): NodeInput {
    if (power === 0) {
      const data =
        dtype === dataTypes.float32
          ? Float32Array.of(value)
          : dtype === dataTypes.int32
            ? Int32Array.of(value)
            : Uint8Array.of(value);
      return this.graph.constant({ shape: [], dtype, data });
    }
    if (dtype !== dataTypes.float32) throw new NotRecordableError("an integer in it grows with the batch");
    this.floatSize ??= this.node("Cast", [this.batchSize], {
      SrcT: { type: dataTypes.int32 },
      DstT: { type: dataTypes.float32 },
      Truncate: { bool: false },
    });
    const factor = this.graph.floatConstant(value);
    const type = { T: { type: dataTypes.float32 } };
    return power === 1
      ? this.node("Mul", [this.floatSize, factor], type)
      : this.node("Div", [factor, this.floatSize], type);
  }

  private node(op: string, inputs: readonly NodeInput[], attributes: Parameters<GraphBuilder["add"]>[3]): NodeInput {
    return `${this.graph.add(`${this.prefix}/batch/${this.count++}`, op, inputs, attributes)}:0`;
  }
}

function memoize(compute: (index: number, other: number, op: string) => NodeInput) {
  const known = new Map<string, NodeInput>();
  return (index: number, other: number, op: string): NodeInput => {
    const key = `${index} ${other}`;
    const output = known.get(key) ?? compute(index, other, op);
    known.set(key, output);
    return output;
  };
}
