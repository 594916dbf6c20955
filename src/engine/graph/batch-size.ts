import { dataTypes, type GraphBuilder, type NodeInput } from "./graph-builder";

const int = { type: dataTypes.int32 };

/** Adds the first size of a tensor's shape, an int32 scalar. `type` is TensorFlow's number of the tensor's type. */
export function addBatchSize(graph: GraphBuilder, prefix: string, tensor: NodeInput, type: number): NodeInput {
  const shape = graph.add(`${prefix}/shape`, "Shape", [tensor], { T: { type }, out_type: int });
  const [zero, one] = [graph.intConstant([0]), graph.intConstant([1])];
  const attributes = { T: int, Index: int, shrink_axis_mask: { int: 1 } };
  return `${graph.add(`${prefix}/size`, "StridedSlice", [`${shape}:0`, zero, one, one], attributes)}:0`;
}

/** Adds the cast of bytes to float32. */
export function addBytesCast(graph: GraphBuilder, prefix: string, bytes: NodeInput): NodeInput {
  const attributes = {
    SrcT: { type: dataTypes.uint8 },
    DstT: { type: dataTypes.float32 },
    Truncate: { bool: false },
  };
  return `${graph.add(`${prefix}/numbers`, "Cast", [bytes], attributes)}:0`;
}
