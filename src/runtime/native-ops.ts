import { usesCudnn } from "./cuda/cudnn-use";
import { currentNativeBackend } from "./load-native";
import type { BindingAttribute, NativeBackend, NativeBinding, TensorMetadata } from "./native-backend";
import { hasOwnOps, hasTiles } from "./own-ops";
import { tf } from "./tf";

export type NativeDtype = "float32" | "int32" | "int64" | "bool" | "string" | "complex64" | "uint8";

/** An attribute of a TensorFlow op, tagged with its kind as in TensorFlow's op definitions (`{ dtype }` is "type"). */
export type OpAttribute =
  | { readonly dtype: NativeDtype }
  | { readonly int: number | readonly number[] }
  | { readonly float: number | readonly number[] }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly shape: readonly number[] };

export type OpAttributes = Readonly<Record<string, OpAttribute>>;

/** TensorFlow's own operations, by the names of its op registry. */
export interface NativeOps {
  /** True where they run on a GPU. */
  readonly isGpu: boolean;
  /** Whether the operations of native/ops can be run as well; where not, callers take TensorFlow's. */
  readonly hasOwnOps: boolean;
  /** Whether these multiply in tile registers, by AMX: several times as fast as by vectors. */
  readonly hasTiles: boolean;
  /** Whether LSTM and GRU are computed by cuDNN's kernels: on a GPU where these have been proven. */
  readonly hasCudnn: boolean;
  /**
   * Runs one op and returns its `outputCount` outputs, which the caller owns (inside `tf.tidy` they are tidied). No
   * gradient is recorded: wrap in `tf.customGrad` where one is needed. Inputs are not disposed. Throws libtensorflow's
   * message. int64, int8 and uint8 outputs are labelled int32 by tfjs and can only be given to another op.
   */
  executeOp(name: string, attributes: OpAttributes, inputs: readonly tf.TensorInfo[], outputCount: number): tf.Tensor[];
}

/** TensorFlow's ops on the gpu and cpu devices; undefined on js, where callers need another way. */
export function nativeBackend(): NativeOps | undefined {
  const backend = currentNativeBackend();
  if (!backend) return undefined;
  const isGpu = backend.isUsingGpuDevice;
  return {
    isGpu,
    hasOwnOps: !isGpu && hasOwnOps(),
    hasTiles: !isGpu && hasTiles(),
    hasCudnn: isGpu && usesCudnn(),
    executeOp: (...call) => executeOp(backend, ...call),
  };
}

/**
 * A number for an op that takes an int64 scalar; it can only be given to another op. Undefined on the js device. The
 * caller disposes it.
 */
export function int64Scalar(value: number): tf.Tensor | undefined {
  const backend = currentNativeBackend();
  if (!backend) return undefined;
  const { binding } = backend;
  return tf.tidy(() => {
    const attributes: OpAttributes = { SrcT: { dtype: "int32" }, DstT: { dtype: "int64" }, Truncate: { bool: false } };
    const bound = Object.entries(attributes).map(([key, attribute]) => bindAttribute(binding, key, attribute));
    const ids = backend.getInputTensorIds([tf.scalar(value, "int32")]);
    const [{ id }] = binding.executeOp("Cast", bound, ids, 1) as [TensorMetadata];
    // tfjs would warn of a tensor that it takes for int64.
    return backend.createOutputTensor({ id, shape: [], dtype: binding.TF_INT32 });
  });
}

/**
 * A float32 tensor of `shape` holding `bytes` as numbers in 0..255. Natively the bytes are handed over as they are and
 * cast by TensorFlow, in a small part of the time that converting in JavaScript takes. `bytes` may be reused afterwards. The caller
 * disposes the tensor.
 */
export function uploadBytes(bytes: Uint8Array, shape: readonly number[]): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== bytes.length) throw new RangeError(`${bytes.length} bytes do not fill the shape [${shape}]`);
  const backend = currentNativeBackend();
  if (!backend) return tf.tensor(Float32Array.from(bytes), [...shape], "float32");
  const { binding } = backend;
  return tf.tidy(() => {
    const id = binding.createTensor([...shape], binding.TF_UINT8, bytes);
    const raw = backend.createOutputTensor({ id, shape: [...shape], dtype: binding.TF_UINT8 });
    const attributes: OpAttributes = {
      SrcT: { dtype: "uint8" },
      DstT: { dtype: "float32" },
      Truncate: { bool: false },
    };
    const [cast] = executeOp(backend, "Cast", attributes, [raw], 1);
    return cast as tf.Tensor;
  });
}

function executeOp(
  backend: NativeBackend,
  name: string,
  attributes: OpAttributes,
  inputs: readonly tf.TensorInfo[],
  outputCount: number,
): tf.Tensor[] {
  const bound = Object.entries(attributes).map(([key, attribute]) => bindAttribute(backend.binding, key, attribute));
  const outputs = backend.binding.executeOp(name, bound, backend.getInputTensorIds(inputs), outputCount);
  return outputs.map((output) => backend.createOutputTensor(withKnownType(output, backend.binding)));
}

/** TensorFlow's number of int8, which neither tfjs nor the addon has a name for. */
const int8 = 6;

/** tfjs throws at a type that it does not know. */
function withKnownType(output: TensorMetadata, { TF_INT32 }: NativeBinding): TensorMetadata {
  return output.dtype === int8 ? { ...output, dtype: TF_INT32 } : output;
}

function bindAttribute(binding: NativeBinding, name: string, attribute: OpAttribute): BindingAttribute {
  if ("dtype" in attribute) return { name, type: binding.TF_ATTR_TYPE, value: dtypeNumber(binding, attribute.dtype) };
  if ("int" in attribute) return { name, type: binding.TF_ATTR_INT, value: attribute.int };
  if ("float" in attribute) return { name, type: binding.TF_ATTR_FLOAT, value: attribute.float };
  if ("bool" in attribute) return { name, type: binding.TF_ATTR_BOOL, value: attribute.bool };
  if ("string" in attribute) return { name, type: binding.TF_ATTR_STRING, value: attribute.string };
  return { name, type: binding.TF_ATTR_SHAPE, value: attribute.shape };
}

function dtypeNumber(binding: NativeBinding, dtype: NativeDtype): number {
  const numbers: Record<NativeDtype, number> = {
    float32: binding.TF_FLOAT,
    int32: binding.TF_INT32,
    int64: binding.TF_INT64,
    bool: binding.TF_BOOL,
    string: binding.TF_STRING,
    complex64: binding.TF_COMPLEX64,
    uint8: binding.TF_UINT8,
  };
  return numbers[dtype];
}
