import { addRecording } from "../../../../src/engine/graph/add-recording";
import { dataTypes, GraphBuilder } from "../../../../src/engine/graph/graph-builder";
import { openGraphSession } from "../../../../src/engine/graph/graph-session";
import { optimizeRecording } from "../../../../src/engine/graph/optimize-recording";
import { record } from "../../../../src/engine/graph/record";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { nativeBackend } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

interface Case {
  readonly height?: number;
  readonly width?: number;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly taps?: [number, number];
  readonly strides?: number | [number, number];
  readonly pad?: "same" | "valid";
  readonly bias?: boolean;
  readonly relu?: boolean;
  readonly pool?: number;
  /** Also reads what is otherwise one with the next op. */
  readonly tap?: "sums" | "activated";
}

const wave = (shape: number[], phase: number) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index * 1.7 + phase)),
    shape,
  );

/** The outputs of a convolution and what follows it, and the gradients of x, filter and bias of a sum over them. */
function computation(of: Case) {
  const { inputs = 3, outputs = 5, taps = [3, 3], strides = 1, pad = "valid", bias = true, relu = true, pool } = of;
  const filter = wave([...taps, inputs, outputs], 0.3) as tf.Tensor4D;
  const shift = wave([outputs], 0.9) as tf.Tensor1D;
  const forward = (x: tf.Tensor4D, filter: tf.Tensor4D, shift: tf.Tensor1D) => {
    const sums = tf.conv2d(x, filter, strides, pad);
    const shifted = bias ? tf.add(sums, shift) : sums;
    const activated = (relu ? tf.relu(shifted) : shifted) as tf.Tensor4D;
    const last = pool ? tf.maxPool(activated, pool, pool, "valid") : activated;
    const read = { sums: shifted, activated }[of.tap as "sums" | "activated"];
    return [last, ...(read ? [read] : [])];
  };
  const loss = (...given: tf.Tensor[]) =>
    tf.addN(
      forward(given[0] as tf.Tensor4D, given[1] as tf.Tensor4D, given[2] as tf.Tensor1D).map((part) =>
        tf.sum(tf.mul(part, tf.cos(part))),
      ),
    );
  const gradients = (x: tf.Tensor) => {
    const [dx, dfilter, dbias] = bias
      ? tf.grads(loss)([x, filter, shift])
      : tf.grads((x, filter) => loss(x as tf.Tensor, filter as tf.Tensor, shift))([x, filter]);
    return { dx, dfilter, ...(bias ? { dbias } : {}) } as Record<string, tf.Tensor>;
  };
  const prediction = (x: tf.Tensor) => ({ y: forward(x as tf.Tensor4D, filter, shift)[0] as tf.Tensor });
  return { gradients, prediction };
}

/** Our ops in the recording of `compute`, and its results as a graph at three examples, and op by op. */
function compare(of: Case, compute: (x: tf.Tensor) => Record<string, tf.Tensor>) {
  const { height = 7, width = 9, inputs = 3 } = of;
  const backend = currentNativeBackend() as NativeBackend;
  const at = (size: number) => {
    const x = wave([size, height, width, inputs], 0.1);
    return optimizeRecording(
      record(backend, { x }, () => compute(x)),
      backend.binding,
    );
  };
  const graph = new GraphBuilder();
  const type = { type: dataTypes.float32 };
  graph.add("x", "Placeholder", [], { dtype: type, shape: { shape: [-1, height, width, inputs] } });
  graph.add("size", "Placeholder", [], { dtype: { type: dataTypes.int32 }, shape: { shape: [] } });
  const recordings = [at(3), at(5)] as const;
  const placement = { prefix: "f", inputs: { x: "x:0" }, batchSize: "size:0" };
  const results = addRecording(graph, backend.binding, recordings, [3, 5], placement);
  const session = openGraphSession(backend, graph);
  const size = 3;
  const x = wave([size, height, width, inputs], 2.1);
  const fed = {
    x: { data: x.dataSync() as Float32Array, shape: x.shape },
    size: { data: Int32Array.of(size), shape: [] },
  };
  const actual = session.run(fed, Object.values(results));
  session.close();
  const expected = tf.tidy(() => Object.values(compute(x)).map((tensor) => tensor.dataSync()));
  const ops = recordings[0].ops.map(({ op }) => op);
  return { ops, names: Object.keys(results), actual: actual.map(({ data }) => data), expected };
}

/** Within 2e-6 of the greatest number: sums are added in another order. */
function expectSame({ names, actual, expected }: ReturnType<typeof compare>) {
  names.forEach((name, index) => {
    const [own, other] = [Array.from(actual[index] ?? []), Array.from(expected[index] ?? [])];
    expect([name, own.length]).toEqual([name, other.length]);
    const scale = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    other.forEach((value, at) => {
      expect(Math.abs((own[at] as number) - value) / scale).toBeLessThan(2e-6);
    });
  });
}

const cases: Record<string, Case> = {
  "with bias and relu": {},
  "without bias": { bias: false },
  alone: { bias: false, relu: false },
  "with bias only": { relu: false },
  pooled: { pool: 2 },
  "pooled, of an even size": { pool: 2, height: 8, width: 6 },
  "pooled, without bias": { pool: 2, bias: false },
  "pooled by three": { pool: 3, height: 11, width: 11 },
  "pooled, without relu": { pool: 2, relu: false },
  "one channel to many": { inputs: 1, outputs: 33, pool: 2 },
  "a block of outputs and a part": { inputs: 17, outputs: 48, pad: "same" },
  "three blocks": { inputs: 4, outputs: 70, pool: 2, pad: "same", height: 6, width: 27 },
  "one pixel": { taps: [1, 1], inputs: 20 },
  padded: { pad: "same" },
  "padded, an even window": { pad: "same", taps: [2, 4] },
  "with strides": { strides: 2 },
  "with strides, padded": { strides: 2, pad: "same", bias: false, relu: false },
  "with strides, padded at one side": { strides: 2, pad: "same", height: 8, width: 8 },
  "with unequal strides": { strides: [3, 2], taps: [5, 3], height: 12, width: 11, pad: "same" },
  "with gaps between windows": { strides: 3, taps: [1, 1] },
  "whose sums are read, too": { pool: 2, tap: "sums" },
  "whose activations are read, too": { pool: 2, tap: "activated" },
};

describeOwnOps("a compiled convolution", () => {
  test.each(Object.entries(cases))("%s: values and gradients are those of TensorFlow's operations", (_, of) => {
    const { gradients, prediction } = computation(of);
    const training = compare(of, gradients);
    expectSame(training);
    // A convolution without relu is TensorFlow's where there are no tiles.
    const isOwn = (of.relu !== false && of.tap !== "sums") || nativeBackend()?.hasTiles;
    expect(training.ops.includes("DlctlConvolution")).toBe(isOwn === true);
    for (const op of ["Conv2D", "Conv2DBackpropFilter", "Conv2DBackpropInput"])
      expect([op, training.ops.includes(op)]).toEqual([op, !isOwn]);
    expectSame(compare(of, prediction));
  });

  test("pooled after relu is one operation in training, and in prediction", () => {
    const { gradients, prediction } = computation({ pool: 2 });
    const training = compare({ pool: 2 }, gradients);
    const own = training.ops.filter((op) => op.startsWith("Dlctl"));
    expect(own).toEqual(["DlctlConvolution", "DlctlConvolutionFilterGradient", "DlctlConvolutionInputGradient"]);
    for (const op of ["MaxPool", "MaxPoolGrad", "Relu", "ReluGrad", "BiasAdd", "BiasAddGrad"])
      expect(training.ops).not.toContain(op);
    expect(compare({ pool: 2 }, prediction).ops).toEqual(["DlctlConvolution"]);
  });

  test("without our operations nothing changes", () => {
    process.env.DLCTL_NATIVE_OPS = "off";
    try {
      const { ops } = compare({ pool: 2 }, computation({ pool: 2 }).gradients);
      expect(ops.filter((op) => op.startsWith("Dlctl"))).toEqual([]);
    } finally {
      delete process.env.DLCTL_NATIVE_OPS;
    }
  });
});
