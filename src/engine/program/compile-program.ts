import type { NativeBackend } from "../../runtime/native-backend";
import { tf } from "../../runtime/tf";
import type { HostTensor } from "../../shared/host-tensor";
import type { BatchSizes } from "../graph/batch-constant";
import type { FunctionInput } from "../graph/compile-function";
import { dataTypes } from "../graph/graph-builder";
import { NotRecordableError, record } from "../graph/record";
import type { NamedWeight } from "../graph/record-step";
import type { RecordedConstant, Recording } from "../graph/recording";
import { encodeProgram } from "./encode-program";
import { mergeRecordings } from "./merge-recordings";
import { optimizeProgram } from "./optimize-program";
import { openProgram, type Program, ProgramError, type ProgramInput, programLibrary } from "./program";

export interface CompiledProgram {
  readonly program: Program;
  /** Of the program, for a file: openProgram makes the same of them. Not to be changed. */
  readonly bytes: Uint8Array;
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

const sizes: BatchSizes = [3, 5];
/** Between the program and TensorFlow on the numbers it was recorded with, as a share of the largest. */
const mostDifference = 1e-4;

/**
 * Compiles `compute`, which must be made of tensor operations alone, to a program that does the same without TensorFlow, for batches of
 * any size. The weights' present values become part of it. Bytes reach `compute` as float32 in 0..255. Throws NotRecordableError, with
 * the reason, where there is no program for it.
 */
export function compileProgram(
  backend: NativeBackend,
  inputs: Readonly<Record<string, FunctionInput>>,
  weights: readonly NamedWeight[],
  compute: (inputs: Tensors) => Tensors,
): CompiledProgram {
  const library = programLibrary();
  if (!library) throw new NotRecordableError("there is nothing to run programs");
  const described = Object.entries(inputs).map(([name, { dtype, shape }]): ProgramInput => {
    if (shape.includes(null)) throw new NotRecordableError("its inputs differ in length");
    return { name, dtype, shape: shape as number[] };
  });
  const samples = sizes.map((size) => samplesOf(described, size)) as [Samples, Samples];
  const recordings = samples.map(recordOf) as [Recording, Recording];
  const graph = mergeRecordings(backend.binding, recordings, sizes, constantWeights(weights));
  try {
    optimizeProgram(library, graph, described);
    const bytes = encodeProgram(library, graph, described);
    const program = openProgram(library, bytes);
    requireSame(program, samples[0]);
    return { program, bytes };
  } catch (error) {
    if (error instanceof ProgramError) throw new NotRecordableError(error.message, { cause: error });
    throw error;
  }

  function recordOf(sample: Samples): Recording {
    const tensors = tensorsOf(sample);
    try {
      const values = weights.map((weight) => [weightName(weight), weight.weight.read()] as const);
      return record(backend, { ...tensors, ...Object.fromEntries(values) }, () => compute(tensors));
    } finally {
      tf.dispose(tensors);
    }
  }

  function requireSame(program: Program, sample: Samples): void {
    const own = run(program, sample);
    const expected = tf.tidy(() => compute(tensorsOf(sample)));
    try {
      for (const [name, tensor] of Object.entries(expected)) {
        if (!isSame(own[name], tensor)) throw new NotRecordableError(`its program gives another ${name}`);
      }
    } finally {
      tf.dispose(expected);
    }
  }
}

type Samples = Readonly<Record<string, HostTensor>>;

const weightName = ({ name }: NamedWeight) => `weight/${name}`;

function constantWeights(weights: readonly NamedWeight[]): Map<string, RecordedConstant> {
  return new Map(
    weights.map((weight) => {
      const data = weight.weight.read().dataSync() as Float32Array;
      return [weightName(weight), { shape: weight.shape, dtype: dataTypes.float32, data }];
    }),
  );
}

/** Numbers without a pattern, the same each time. */
function samplesOf(inputs: readonly ProgramInput[], size: number): Samples {
  return Object.fromEntries(
    inputs.map(({ name, dtype, shape }) => {
      const full = [size, ...shape];
      const count = full.reduce((product, length) => product * length, 1);
      // Whole numbers may be rows of a table: the first is always there.
      if (dtype === "int32") return [name, { data: new Int32Array(count), shape: full }];
      const place = (index: number) => (index * 0.6180339887 + (index % 7) * 0.37) % 1;
      const data =
        dtype === "uint8"
          ? Uint8Array.from({ length: count }, (_, index) => 256 * place(index))
          : Float32Array.from({ length: count }, (_, index) => place(index));
      return [name, { data, shape: full }];
    }),
  );
}

/** As `compute` takes them. */
function tensorsOf(samples: Samples): Tensors {
  return Object.fromEntries(
    Object.entries(samples).map(([name, { data, shape }]) => {
      const isWhole = data instanceof Int32Array;
      const numbers = data instanceof Uint8Array ? Float32Array.from(data) : data;
      return [name, tf.tensor(numbers, [...shape], isWhole ? "int32" : "float32")];
    }),
  );
}

function run(program: Program, sample: Samples): Record<string, HostTensor> {
  try {
    return program.run(sample);
  } catch (error) {
    throw new NotRecordableError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isSame(own: HostTensor | undefined, tensor: tf.Tensor): boolean {
  if (!own || own.shape.join() !== tensor.shape.join()) return false;
  const expected = tensor.dataSync();
  let [largest, difference] = [0, 0];
  expected.forEach((value, index) => {
    const other = own.data[index] as number;
    if (Object.is(value, other)) return;
    largest = Math.max(largest, Math.abs(value));
    // What is not a number is never the same as one.
    const distance = Math.abs(value - other);
    difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
  });
  return difference <= mostDifference * Math.max(largest, 1e-6);
}
