import type { BindingAttribute, NativeBackend, NativeBinding, TensorMetadata } from "../../runtime/native-backend";
import { tf } from "../../runtime/tf";
import type { ConstantData, RecordedConstant, RecordedOp, Recording, ValueSource } from "./recording";

/** A computation that can't be recorded; `message` says why, for people. */
export class NotRecordableError extends Error {}

/**
 * Runs `compute` once, really, and returns the TensorFlow ops it consisted of. `inputs` are the tensors that will
 * differ from call to call; every other tensor it reads becomes a constant with its present values. Results are tensors
 * by name; they are disposed, as is everything made in between. Values must not be read back meanwhile
 * (`dataSync`): NotRecordableError. tfjs-node is watched where each of its kernels ends: `binding.executeOp`.
 */
export function record(
  backend: NativeBackend,
  inputs: Readonly<Record<string, tf.Tensor>>,
  compute: () => Readonly<Record<string, tf.Tensor>>,
): Recording {
  const original = backend.binding;
  const recorder = new Recorder(original);
  for (const [name, tensor] of Object.entries(inputs)) recorder.addInput(name, idOf(backend, tensor));
  let recording: Recording | undefined;
  tf.tidy(() => {
    backend.binding = recorder.binding;
    try {
      recording = recorder.finish(
        Object.entries(compute()).map(([name, tensor]) => [name, tensor.shape, idOf(backend, tensor)] as const),
      );
    } finally {
      backend.binding = original;
    }
  });
  return recording as Recording;
}

/** The number of the tensor in libtensorflow, where it is put now if it was not there yet. */
function idOf(backend: NativeBackend, tensor: tf.Tensor): number {
  return backend.getInputTensorIds([tensor])[0] as number;
}

/** Their output has the type of their first input. */
const opsWithUnstatedType = new Set(["ExpandDims"]);

class Recorder {
  readonly binding: NativeBinding;
  private readonly ops: RecordedOp[] = [];
  private readonly constants: RecordedConstant[] = [];
  private readonly sources = new Map<number, ValueSource>();
  /** Of what ops gave. */
  private readonly shapes = new Map<number, readonly number[]>();

  constructor(private readonly original: NativeBinding) {
    // The addon's properties are read-only: assigning to an object that inherits them would fail without a word.
    this.binding = Object.create(original, {
      executeOp: { value: this.executeOp.bind(this) },
      createTensor: { value: this.createTensor.bind(this) },
      tensorDataSync: {
        value: () => {
          throw new NotRecordableError("it reads a tensor's values in the middle of a step");
        },
      },
    }) as NativeBinding;
  }

  addInput(name: string, id: number): void {
    this.sources.set(id, { from: "input", name });
  }

  finish(results: readonly (readonly [name: string, shape: readonly number[], id: number])[]): Recording {
    return {
      ops: this.ops,
      constants: this.constants,
      results: Object.fromEntries(results.map(([name, , id]) => [name, this.sourceOf(id)])),
    };
  }

  private executeOp(
    op: string,
    attributes: readonly BindingAttribute[],
    inputIds: readonly number[],
    outputCount: number,
  ): TensorMetadata[] {
    const inputs = inputIds.map((id) => this.sourceOf(id));
    const outputs = this.original.executeOp(op, attributes, inputIds, outputCount);
    const stated = [...attributes.map(copyAttribute), ...this.unstated(op, attributes, outputs)];
    const equality = this.isSumOfEqualShapes(op, inputIds, outputs) ? { isOfEqualShapes: true as const } : {};
    const index = this.ops.push({ op, attributes: stated, inputs, outputCount, ...equality }) - 1;
    outputs.forEach(({ id, shape }, output) => {
      this.sources.set(id, { from: "op", op: index, output });
      this.shapes.set(id, shape);
    });
    return outputs;
  }

  private isSumOfEqualShapes(op: string, inputIds: readonly number[], [sum]: readonly TensorMetadata[]): boolean {
    const isSum = op === "Add" || op === "AddV2";
    return isSum && inputIds.every((id) => String(this.shapes.get(id)) === String(sum?.shape));
  }

  /** The type that tfjs-node leaves to be found out from the inputs: a graph must state it. */
  private unstated(
    op: string,
    attributes: readonly BindingAttribute[],
    [output]: readonly TensorMetadata[],
  ): BindingAttribute[] {
    if (!opsWithUnstatedType.has(op) || attributes.some(({ name }) => name === "T") || !output) return [];
    return [{ name: "T", type: this.original.TF_ATTR_TYPE, value: output.dtype }];
  }

  private createTensor(shape: number[], dtype: number, values: ConstantData): number {
    const id = this.original.createTensor(shape, dtype, values);
    this.sources.set(id, this.addConstant({ shape: [...shape], dtype, data: values.slice() }));
    return id;
  }

  /** A tensor that was there before the recording began is a constant. */
  private sourceOf(id: number): ValueSource {
    const known = this.sources.get(id);
    if (known) return known;
    const source = this.readConstant(id);
    this.sources.set(id, source);
    return source;
  }

  private readConstant(id: number): ValueSource {
    const int32 = { name: "out_type", type: this.original.TF_ATTR_TYPE, value: this.original.TF_INT32 };
    const [shape] = this.original.executeOp("Shape", [int32], [id], 1) as [TensorMetadata];
    const [same] = this.original.executeOp("Identity", [], [id], 1) as [TensorMetadata];
    try {
      return this.addConstant({
        shape: Array.from(this.original.tensorDataSync(shape.id)),
        dtype: same.dtype,
        data: this.original.tensorDataSync(id),
      });
    } finally {
      this.original.deleteTensor(shape.id);
      this.original.deleteTensor(same.id);
    }
  }

  private addConstant(constant: RecordedConstant): ValueSource {
    if (!ArrayBuffer.isView(constant.data)) throw new NotRecordableError("it computes with strings");
    return { from: "constant", constant: this.constants.push(constant) - 1 };
  }
}

function copyAttribute({ name, type, value }: BindingAttribute): BindingAttribute {
  return { name, type, value: Array.isArray(value) ? [...value] : value };
}
