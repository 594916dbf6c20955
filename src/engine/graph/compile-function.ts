import type { NativeBackend } from "../../runtime/native-backend";
import { tf } from "../../runtime/tf";
import type { HostTensor } from "../../shared/host-tensor";
import { addRecording } from "./add-recording";
import type { BatchSizes } from "./batch-constant";
import { addBatchSize, addBytesCast } from "./batch-size";
import { dataTypes, GraphBuilder, type NodeInput } from "./graph-builder";
import { openGraphSession } from "./graph-session";
import { optimizeRecording } from "./optimize-recording";
import { NotRecordableError, record } from "./record";
import type { NamedWeight } from "./record-step";

/** Something computed from batches, with weights that do not change. */
export interface CompiledFunction {
  /** Feeds one array for each input, all with the same number of examples, and returns the results by name. */
  run(inputs: Readonly<Record<string, HostTensor>>): Record<string, HostTensor>;
  close(): void;
}

/** Form of an input, without the batch's axis. Bytes reach `compute` as float32 in 0..255. */
export interface FunctionInput {
  readonly dtype: "uint8" | "float32" | "int32";
  readonly shape: readonly (number | null)[];
}

const sizes: BatchSizes = [3, 5];
const prefix = "function";

/**
 * Compiles `compute`, which must be made of tensor operations alone, to one TensorFlow graph for batches of any size.
 * `weights` become constants of it, so that TensorFlow computes once what depends on them alone. Throws
 * NotRecordableError when it can't be recorded, with the reason.
 */
export function compileFunction(
  backend: NativeBackend,
  inputs: Readonly<Record<string, FunctionInput>>,
  weights: readonly NamedWeight[],
  compute: (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>,
): CompiledFunction {
  const recordings = [recordAt(sizes[0]), recordAt(sizes[1])] as const;
  const graph = new GraphBuilder();
  const fed = Object.entries(inputs).map(([name, input]) => [name, addInput(graph, name, input)] as const);
  const [first] = fed;
  if (!first) throw new Error("A compiled function needs an input");
  const sources = {
    ...Object.fromEntries(fed.map(([name, { numbers }]) => [name, numbers])),
    ...Object.fromEntries(weights.map((weight) => [weightName(weight), addWeight(graph, weight)])),
  };
  const placement = { prefix, inputs: sources, batchSize: first[1].batchSize() };
  const results = Object.entries(addRecording(graph, backend.binding, recordings, sizes, placement));
  const session = openGraphSession(backend, graph);
  const names = results.map(([, output]) => output);
  return {
    run: (arrays) => {
      const values = session.run(
        Object.fromEntries(fed.map(([name, { node }]) => [node, arrays[name] as HostTensor])),
        names,
      );
      return Object.fromEntries(results.map(([name], index) => [name, values[index] as HostTensor]));
    },
    close: () => session.close(),
  };

  function recordAt(size: number) {
    const samples = Object.entries(inputs).map(([name, input]) => [name, sampleOf(input, size)] as const);
    try {
      const batch = Object.fromEntries(samples);
      const values = weights.map((weight) => [weightName(weight), weight.weight.read()] as const);
      const recording = record(backend, { ...batch, ...Object.fromEntries(values) }, () => compute(batch));
      return optimizeRecording(recording, backend.binding);
    } finally {
      for (const [, sample] of samples) sample.dispose();
    }
  }
}

const weightName = ({ name }: NamedWeight) => `weight/${name}`;

function sampleOf({ dtype, shape }: FunctionInput, size: number): tf.Tensor {
  if (shape.includes(null)) throw new NotRecordableError("its inputs differ in length");
  const full = [size, ...(shape as number[])];
  if (dtype === "int32") return tf.zeros(full, "int32");
  return tf.randomUniform(full, 0, dtype === "uint8" ? 255 : 1, "float32", 1);
}

function addInput(graph: GraphBuilder, name: string, { dtype, shape }: FunctionInput) {
  const type = dataTypes[dtype];
  const attributes = { dtype: { type }, shape: { shape: [-1, ...(shape as number[])] } };
  const node: NodeInput = `${graph.add(`input/${name}`, "Placeholder", [], attributes)}:0`;
  return {
    node,
    numbers: dtype === "uint8" ? addBytesCast(graph, `input/${name}`, node) : node,
    batchSize: () => addBatchSize(graph, `input/${name}`, node, type),
  };
}

function addWeight(graph: GraphBuilder, { weight, shape }: NamedWeight): NodeInput {
  const data = weight.read().dataSync() as Float32Array;
  return graph.constant({ shape, dtype: dataTypes.float32, data });
}
