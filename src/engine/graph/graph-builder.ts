import type { BindingAttribute, NativeBinding } from "../../runtime/native-backend";
import { ProtobufWriter } from "../../shared/protobuf-writer";
import type { RecordedConstant } from "./recording";

/** A node's output: `name:0`; or `^name`, a node that must have run before. */
export type NodeInput = string;

/** TensorFlow's numbers of types (types.proto). */
export const dataTypes = {
  float32: 1,
  int32: 3,
  uint8: 4,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  float16: 19,
  resource: 20,
} as const;

/** An attribute of a node, by the kind of its value (attr_value.proto). */
export type NodeAttribute =
  | { readonly type: number }
  | { readonly int: number | readonly number[] }
  | { readonly float: number | readonly number[] }
  | { readonly bool: boolean | readonly boolean[] }
  | { readonly string: string }
  /** A size of -1 is not known. */
  | { readonly shape: readonly number[] }
  | { readonly tensor: RecordedConstant };

/** A release of TensorFlow that wrote graphs of this version: what TensorFlow decides compatibility by. */
const producer = 1882;

/** Collects the nodes of a TensorFlow graph (graph.proto) and writes them as a SavedModel (saved_model.proto). */
export class GraphBuilder {
  private readonly nodes: Uint8Array[] = [];
  private readonly names = new Set<string>();
  private readonly sharedConstants = new Map<string, string>();

  /** Adds a node and returns its name; `name` must be new. */
  add(
    name: string,
    op: string,
    inputs: readonly NodeInput[],
    attributes: Readonly<Record<string, NodeAttribute>>,
  ): string {
    if (this.names.has(name)) throw new Error(`The graph has a node ${name} already`);
    this.names.add(name);
    const node = new ProtobufWriter().string(1, name).string(2, op);
    for (const input of inputs) node.string(3, input);
    for (const [key, attribute] of Object.entries(attributes)) {
      node.message(5, (entry) => entry.string(1, key).message(2, (value) => writeAttribute(value, attribute)));
    }
    this.nodes.push(node.finish());
    return name;
  }

  /** A constant's output; equal ones of up to 64 bytes are written once. */
  constant(constant: RecordedConstant): NodeInput {
    const bytes = bytesOf(constant);
    const key = bytes.length <= 64 ? `${constant.dtype} [${constant.shape}] ${bytes.toString("base64")}` : undefined;
    const known = key === undefined ? undefined : this.sharedConstants.get(key);
    if (known) return known;
    const attributes = { dtype: { type: constant.dtype }, value: { tensor: constant } };
    const output = `${this.add(`constant/${this.names.size}`, "Const", [], attributes)}:0`;
    if (key !== undefined) this.sharedConstants.set(key, output);
    return output;
  }

  intConstant(values: number | readonly number[]): NodeInput {
    const list = typeof values === "number" ? [values] : values;
    const shape = typeof values === "number" ? [] : [list.length];
    return this.constant({ shape, dtype: dataTypes.int32, data: Int32Array.from(list) });
  }

  floatConstant(value: number): NodeInput {
    return this.constant({ shape: [], dtype: dataTypes.float32, data: Float32Array.of(value) });
  }

  /** The bytes of `saved_model.pb`: no variables, signatures or initializers; sessions feed and fetch by name. */
  savedModel(): Uint8Array {
    return new ProtobufWriter()
      .varint(1, 1)
      .message(2, (metaGraph) =>
        metaGraph
          .message(1, (info) => info.string(4, servingTag))
          .message(2, (graph) => {
            for (const node of this.nodes) graph.bytes(1, node);
            graph.message(4, (versions) => versions.varint(1, producer));
          }),
      )
      .finish();
  }
}

export const servingTag = "serve";

/** The attribute that tfjs-node gave to an op, as a graph states it. */
export function nodeAttribute(binding: NativeBinding, { type, value }: BindingAttribute): NodeAttribute {
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_INT:
      return { int: value as number | readonly number[] };
    case binding.TF_ATTR_FLOAT:
      return { float: value as number | readonly number[] };
    case binding.TF_ATTR_BOOL:
      return { bool: value as boolean | readonly boolean[] };
    case binding.TF_ATTR_STRING:
      return { string: value as string };
    case binding.TF_ATTR_SHAPE:
      return { shape: value as readonly number[] };
    default:
      throw new Error(`An op's attribute has the unknown kind ${type}`);
  }
}

function writeAttribute(to: ProtobufWriter, attribute: NodeAttribute): void {
  if ("type" in attribute) to.varint(6, attribute.type);
  else if ("int" in attribute) writeOneOrList(to, attribute.int, (list, value) => list.varint(3, value));
  else if ("float" in attribute) writeOneOrList(to, attribute.float, (list, value) => list.float(4, value));
  else if ("bool" in attribute) writeOneOrList(to, attribute.bool, (list, value) => list.varint(5, value ? 1 : 0));
  else if ("string" in attribute) to.string(2, attribute.string);
  else if ("shape" in attribute) to.message(7, (shape) => writeShape(shape, attribute.shape));
  else to.message(8, (tensor) => writeTensor(tensor, attribute.tensor));
}

/** A single value and the elements of a list have the same field numbers, the list's inside field 1. */
function writeOneOrList<Value>(
  to: ProtobufWriter,
  value: Value | readonly Value[],
  write: (to: ProtobufWriter, value: Value) => void,
): void {
  if (!Array.isArray(value)) write(to, value as Value);
  else {
    to.message(1, (list) => {
      for (const element of value) write(list, element);
    });
  }
}

function writeShape(to: ProtobufWriter, shape: readonly number[]): void {
  for (const size of shape) to.message(2, (dimension) => dimension.varint(1, size));
}

function writeTensor(to: ProtobufWriter, constant: RecordedConstant): void {
  to.varint(1, constant.dtype)
    .message(2, (shape) => writeShape(shape, constant.shape))
    .bytes(4, bytesOf(constant));
}

function bytesOf({ data }: RecordedConstant): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
