import type { LayerDescription } from "../../model/describe-model";
import { ProtobufWriter } from "../../shared/protobuf-writer";

// Field numbers are those of TensorFlow's public definitions: core/framework/graph.proto, node_def.proto, attr_value.proto,
// tensor_shape.proto and types.proto.
const graphDef = { node: 1, versions: 4 } as const;
const nodeDef = { name: 1, op: 2, input: 3, attr: 5 } as const;
const attrValue = { list: 1, text: 2, int: 3 } as const;
const listShape = 7;
const shapeProto = { dim: 2 } as const;

/** A release of TensorFlow that wrote graphs of this version. */
const producer = 1882;

/**
 * The stack of layers as a GraphDef, for TensorBoard's graph tab: a node a layer, its kind as the operation, with shape and
 * number of parameters. `layers` is as `describeModel` gives it.
 */
export function layerGraph(layers: readonly LayerDescription[]): Uint8Array {
  const graph = new ProtobufWriter();
  for (const layer of layers) graph.message(graphDef.node, (node) => writeLayer(node, layer));
  return graph.message(graphDef.versions, (versions) => versions.varint(1, producer)).finish();
}

function writeLayer(node: ProtobufWriter, { name, type, inputs, outputShape, parameters }: LayerDescription): void {
  node.string(nodeDef.name, name).string(nodeDef.op, type);
  for (const input of inputs) node.string(nodeDef.input, input);
  const attribute = (key: string, write: (value: ProtobufWriter) => void) =>
    node.message(nodeDef.attr, (entry) => entry.string(1, key).message(2, write));
  // What TensorBoard writes on the edges.
  attribute("_output_shapes", (value) =>
    value.message(attrValue.list, (list) =>
      list.message(listShape, (shape) => {
        for (const size of outputShape) shape.message(shapeProto.dim, (dim) => dim.varint(1, size ?? -1));
      }),
    ),
  );
  attribute("output", (value) => value.string(attrValue.text, `[${outputShape.map((size) => size ?? "batch")}]`));
  attribute("parameters", (value) => value.varint(attrValue.int, parameters));
}
