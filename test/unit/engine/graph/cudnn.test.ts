import { createEagerEngine } from "../../../../src/engine/eager-engine";
import type { Engine, TrainingProgram } from "../../../../src/engine/engine";
import { dataTypes, GraphBuilder, nodeAttribute } from "../../../../src/engine/graph/graph-builder";
import { createGraphEngine } from "../../../../src/engine/graph/graph-engine";
import { openGraphSession } from "../../../../src/engine/graph/graph-session";
import { optimizeRecording } from "../../../../src/engine/graph/optimize-recording";
import type { RecordedOp, Recording } from "../../../../src/engine/graph/recording";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { useCudnn } from "../../../../src/runtime/cuda/cudnn-use";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import type { Precision } from "../../../../src/runtime/precision";
import { tf } from "../../../../src/runtime/tf";
import { type RecordedLayer, withoutCudnn } from "../../../helpers/cudnn-stand-in";
import { withEmulatedCudnn } from "../../../helpers/emulated-cudnn";
import { batchFor, programOf } from "../../../helpers/follow-engine";
import { describeNative, describeOwnOps } from "../../../helpers/runtime";

const optimizeModule = "../../../../src/engine/graph/optimize-recording";
jest.mock("../../../../src/engine/graph/optimize-recording", () => ({ optimizeRecording: jest.fn() }));

/** With the layers that cuDNN is to compute, in the order in which they run; widths are 4 after the embedding, which masks zeros. */
const stacks: readonly { layers: readonly object[]; recurrent: readonly RecordedLayer[] }[] = [
  {
    layers: [{ type: "lstm", units: 3 }],
    recurrent: [{ mode: "lstm", features: 4, units: 3 }],
  },
  {
    layers: [
      { type: "lstm", units: 3, bidirectional: "concat", returnSequences: true, dropout: 0.2 },
      { type: "gru", units: 2, goBackwards: true },
    ],
    recurrent: [
      { mode: "lstm", features: 4, units: 3 },
      { mode: "lstm", features: 4, units: 3 },
      { mode: "gru", features: 6, units: 2 },
    ],
  },
  {
    // Without a mask behind it.
    layers: [
      { type: "conv1d", filters: 3, kernelSize: 3 },
      { type: "gru", units: 3, returnSequences: true, useBias: false },
      { type: "lstm", units: 2 },
    ],
    recurrent: [
      { mode: "gru", features: 3, units: 3 },
      { mode: "lstm", features: 3, units: 2 },
    ],
  },
];

function programFor(layers: readonly object[], precision: Precision = "float32"): TrainingProgram {
  const embedding = { type: "embedding", inputDim: 7, outputDim: 4, maskZero: true };
  const model = buildModel({
    layers: [embedding, ...layers, { type: "dense", units: 2 }].map((layer) => layerSchema.parse(layer)),
    input: { shape: [6], dtype: "int32" },
    seed: 5,
  });
  return programOf(model, { inputDtype: "int32", precision });
}

/** The engine as it is made on a GPU where cuDNN is proven; cuDNN itself is emulated while the step is recorded. */
function engineOfGpu(program: TrainingProgram, change: (recording: Recording) => Recording = (same) => same): Engine {
  const backend = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  const { optimizeRecording: real } = jest.requireActual(optimizeModule);
  const mock = jest.mocked(optimizeRecording).mockImplementation((...given) => change(real(...given)));
  backend.isUsingGpuDevice = true;
  useCudnn(true);
  try {
    return withEmulatedCudnn(() => createGraphEngine(program));
  } finally {
    backend.isUsingGpuDevice = false;
    useCudnn(false);
    mock.mockReset();
  }
}

const weightsOf = ({ model }: TrainingProgram) => model.weights.map((weight) => [...weight.read().dataSync()]);

describeOwnOps("a compiled step with cuDNN's operations", () => {
  test.each(stacks.map((stack) => [JSON.stringify(stack.layers), stack] as const))(
    "follows the eager engine for batches of any size when others stand in for these two: %s",
    (_, { layers, recurrent }) => {
      const programs = [programFor(layers), programFor(layers)] as const;
      const { binding } = tf.backend() as unknown as NativeBackend;
      const eager = createEagerEngine(programs[0]);
      const graph = engineOfGpu(programs[1], (recording) => withoutCudnn(recording, binding, recurrent));
      for (let step = 0; step < 8; step++) {
        const batch = batchFor(programs[0], step, step % 2 === 0 ? 6 : 4);
        const position = { step, learningRate: 0.1 };
        const [expected, actual] = [eager.trainStep(batch, position), graph.trainStep(batch, position)];
        expect(Math.abs(actual.lossSum / expected.lossSum - 1)).toBeLessThan(1e-5);
      }
      graph.syncModel();
      const [expected, actual] = programs.map(weightsOf) as [number[][], number[][]];
      expected.forEach((values, index) => {
        values.forEach((value, at) => {
          expect(Math.abs((actual[index]?.[at] as number) - value)).toBeLessThan(1e-5);
        });
      });
      for (const engine of [eager, graph]) engine.dispose();
    },
  );
});

describeNative("a compiled step with cuDNN's operations", () => {
  const noKernel = /No OpKernel was registered to support Op 'CudnnRNNV3'/;

  test.each(["float32", "bfloat16", "float16"] as const)(
    "is a graph that TensorFlow takes, in %s with these two in float32, and lacks nothing but kernels without a GPU",
    (precision) => {
      const program = programFor(stacks[1]?.layers ?? [], precision);
      const recordings: Recording[] = [];
      const keep = (recording: Recording) => {
        recordings.push(recording);
        return recording;
      };
      expect(() => engineOfGpu(program, keep)).toThrow(noKernel);
      const cudnn = recordings.map(({ ops }) => ops.filter(({ op }) => op.startsWith("Cudnn")));
      // Two recordings of a training step, two of an evaluation.
      expect(cudnn.map(({ length }) => length)).toEqual([6, 6, 3, 3]);
      const types = cudnn.flat().map(({ attributes }) => attributes.find(({ name }) => name === "T")?.value);
      expect(new Set(types)).toEqual(new Set([1]));
    },
  );

  test.each([
    ["what drops parts of the state in training", { type: "lstm", units: 3, recurrentDropout: 0.2 }, [0, 0, 1, 1]],
    ["a reset gate before the product", { type: "gru", units: 3, resetAfter: false }, [0, 0, 0, 0]],
    ["another activation", { type: "lstm", units: 3, activation: "relu" }, [0, 0, 0, 0]],
    ["other gates", { type: "gru", units: 3, recurrentActivation: "hardSigmoid" }, [0, 0, 0, 0]],
    ["a simple layer", { type: "simpleRNN", units: 3 }, [0, 0, 0, 0]],
  ])("holds none of them for %s", (_, layer, counts) => {
    expect(countCudnn([layer])).toEqual(counts);
  });

  test("holds none of them with DLCTL_CUDNN_RNN=off", () => {
    const layer = { type: "lstm", units: 3 };
    process.env.DLCTL_CUDNN_RNN = "off";
    try {
      expect(countCudnn([layer])).toEqual([0, 0, 0, 0]);
    } finally {
      delete process.env.DLCTL_CUDNN_RNN;
    }
    expect(countCudnn([layer])).toEqual([2, 2, 1, 1]);
  });

  /** Of cuDNN's operations in two recordings of a training step and two of an evaluation. */
  function countCudnn(layers: readonly object[]): number[] {
    const counts: number[] = [];
    const keep = (recording: Recording) => {
      counts.push(recording.ops.filter(({ op }) => op.startsWith("Cudnn")).length);
      return recording;
    };
    try {
      engineOfGpu(programFor(layers), keep).dispose();
    } catch (error) {
      expect(String(error)).toMatch(noKernel);
    }
    return counts;
  }

  describe.each(["CudnnRNNV3", "CudnnRNNBackpropV3"])("%s as a node of its own", (name) => {
    const lacksKernel = new RegExp(`No OpKernel was registered to support Op '${name}'`);
    const recordedOp = () => {
      let found: RecordedOp | undefined;
      const keep = (recording: Recording) => {
        found ??= recording.ops.find(({ op }) => op === name);
        return recording;
      };
      expect(() => engineOfGpu(programFor(stacks[0]?.layers ?? []), keep)).toThrow(noKernel);
      return found as RecordedOp;
    };

    test("lacks nothing but its kernel", () => {
      expect(() => openNode(recordedOp())).toThrow(lacksKernel);
    });

    test.each([
      ["an input less", (op: RecordedOp) => ({ ...op, inputs: op.inputs.slice(0, -1) }), /expected inputs/],
      ["a mode that there is not", (op: RecordedOp) => withAttribute(op, "rnn_mode", "lstm2"), /allowed values/],
      ["another type than its inputs'", (op: RecordedOp) => withAttribute(op, "T", dataTypes.float16), /incompatible/],
    ])("is refused for that with %s", (_, change, reason) => {
      expect(() => openNode(change(recordedOp()))).toThrow(reason);
    });
  });
});

/** A graph of this op, and of inputs of the types that it is defined with. */
function openNode({ op, inputs, attributes }: RecordedOp): void {
  const backend = tf.backend() as unknown as NativeBackend;
  const graph = new GraphBuilder();
  const types = inputs.map((_, at) => (at === 4 ? dataTypes.int32 : at === 12 ? int8 : dataTypes.float32));
  const given = types.map((type, at) => `${graph.add(`given/${at}`, "Placeholder", [], { dtype: { type } })}:0`);
  const named = attributes.map((one) => [one.name, nodeAttribute(backend.binding, one)] as const);
  graph.add("node", op, given, Object.fromEntries(named));
  openGraphSession(backend, graph).close();
}

/** TensorFlow's number of the type. */
const int8 = 6;

function withAttribute(op: RecordedOp, name: string, value: unknown): RecordedOp {
  return { ...op, attributes: op.attributes.map((one) => (one.name === name ? { ...one, value } : one)) };
}
