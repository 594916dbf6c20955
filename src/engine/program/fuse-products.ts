import { dataTypes } from "../graph/graph-builder";
import type { RecordedConstant } from "../graph/recording";
import {
  constantOf,
  insertBefore,
  nodeSource,
  type ProgramGraph,
  type ProgramNode,
  type ProgramSource,
  replaceOutput,
  soleUserOf,
} from "./program-graph";

/** Products with a constant matrix become a dense layer's (native/ops/dense.cc), and take the bias that is added to them. */
export function fuseProducts(graph: ProgramGraph): void {
  for (const product of [...graph.nodes]) takeProduct(graph, product);
  for (const dense of [...graph.nodes]) {
    if (dense.op === "DlctlDense" && constantOf(dense.inputs[2])?.data.length === 0) takeBias(graph, dense);
  }
}

const constant = (data: RecordedConstant["data"], shape: readonly number[], dtype: number): ProgramSource => ({
  from: "constant",
  constant: { data, shape, dtype },
});
const shapeConstant = (shape: readonly number[]) => constant(Int32Array.from(shape), [shape.length], dataTypes.int32);
const noBias = () => constant(new Float32Array(0), [0], dataTypes.float32);

function takeProduct(graph: ProgramGraph, product: ProgramNode): void {
  const isBatch = product.op === "BatchMatMulV2";
  if (!isBatch && product.op !== "MatMul") return;
  const [x, right] = product.inputs as [ProgramSource, ProgramSource];
  const weights = constantOf(right);
  const flags = (isBatch ? ["adj_x", "adj_y"] : ["transpose_a", "transpose_b"]).map((name) => product.attributes[name]);
  const [turnsLeft, turnsRight] = flags.map((flag) => flag !== undefined && "bool" in flag && flag.bool);
  if (!weights || turnsLeft || weights.dtype !== dataTypes.float32) return;
  // Of one matrix, and of a left side that is known to be one as well.
  if (isBatch && (weights.shape.length !== 3 || weights.shape[0] !== 1 || !isOneMatrix(x))) return;
  const matrix = weights.shape.slice(-2);
  const columns = (turnsRight ? matrix[0] : matrix[1]) as number;
  const depth = (turnsRight ? matrix[1] : matrix[0]) as number;
  const flat: ProgramNode = { op: "Reshape", attributes: {}, inputs: [x, shapeConstant([-1, depth])], outputCount: 1 };
  const dense: ProgramNode = {
    op: "DlctlDense",
    attributes: { transposed: { bool: turnsRight === true } },
    inputs: [isBatch ? nodeSource(flat) : x, constant(weights.data, matrix, weights.dtype), noBias()],
    outputCount: 1,
  };
  const shaped: ProgramNode = {
    op: "Reshape",
    attributes: {},
    inputs: [nodeSource(dense), shapeConstant([1, -1, columns])],
    outputCount: 1,
  };
  // A matrix without numbers leaves a size of -1 open.
  if (depth === 0 || columns === 0) return;
  insertBefore(graph, product, isBatch ? [flat, dense, shaped] : [dense]);
  replaceOutput(graph, product, nodeSource(isBatch ? shaped : dense));
}

function isOneMatrix(x: ProgramSource): boolean {
  if (x.from !== "node" || x.node.op !== "Reshape") return false;
  const shape = x.node.inputs[1];
  const known = constantOf(shape);
  if (known) return known.data.length === 3 && known.data[0] === 1;
  const made = madeOfBatchSize(shape);
  return made !== undefined && made.factors.length === 3 && made.factors[0] === 0 && made.offsets[0] === 1;
}

/** A shape that depends on the batch's size: each entry is a factor of it and an offset. */
function madeOfBatchSize(shape: ProgramSource | undefined) {
  if (shape?.from !== "node" || shape.node.op !== "BatchIntegers") return undefined;
  const { factors, offsets } = shape.node.attributes as Record<string, { ints?: readonly number[] }>;
  return factors?.ints && offsets?.ints && { factors: factors.ints, offsets: offsets.ints };
}

/** Through reshapes that leave the last axis as it is. */
function takeBias(graph: ProgramGraph, dense: ProgramNode): void {
  const weights = constantOf(dense.inputs[1]);
  const columns = weights?.shape[(dense.attributes.transposed as { bool: boolean }).bool ? 0 : 1];
  let last = dense;
  for (;;) {
    const next = soleUserOf(graph, last);
    if (!next || columns === undefined) return;
    if (next.op === "Reshape" && lastSizeOf(next.inputs[1]) === columns) {
      last = next;
      continue;
    }
    const bias =
      next.op === "BiasAdd" || next.op === "Add" || next.op === "AddV2" ? constantOf(next.inputs[1]) : undefined;
    if (!bias || bias.data.length !== columns || bias.shape.at(-1) !== columns) return;
    // An addition could give the sum more axes than the product has.
    if (next.op !== "BiasAdd" && bias.shape.length > 1 && rankOf(last) !== bias.shape.length) return;
    dense.inputs = [...dense.inputs.slice(0, 2), constant(bias.data, [columns], dataTypes.float32)];
    replaceOutput(graph, next, nodeSource(last));
    return;
  }
}

function lastSizeOf(shape: ProgramSource | undefined): number | undefined {
  const known = constantOf(shape);
  if (known) return known.data.at(-1);
  const made = madeOfBatchSize(shape);
  return made?.factors.at(-1) === 0 ? made.offsets.at(-1) : undefined;
}

function rankOf({ op, inputs }: ProgramNode): number | undefined {
  if (op !== "Reshape") return 2;
  const shape = inputs[1];
  return constantOf(shape)?.data.length ?? madeOfBatchSize(shape)?.factors.length;
}
