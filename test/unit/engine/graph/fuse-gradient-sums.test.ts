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

const [height, width, channels] = [7, 9, 32];

const wave = (shape: number[], phase: number) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index * 1.7 + phase)),
    shape,
  );

type Forward = (x: tf.Tensor4D) => tf.Tensor;

/** The gradient of a sum over what `forward` gives. */
const gradientOf = (forward: Forward) => (x: tf.Tensor) => ({
  dx: tf.grad((x: tf.Tensor) => tf.sum(tf.cos(forward(tf.sin(x) as tf.Tensor4D))))(x),
});

/** The ops of the gradient's recording, and how far its result as a graph is from TensorFlow's, of scale. */
function compare(compute: (x: tf.Tensor) => Record<string, tf.Tensor>) {
  const backend = currentNativeBackend() as NativeBackend;
  const at = (size: number) => {
    const x = wave([size, height, width, channels], 0.1);
    return optimizeRecording(
      record(backend, { x }, () => compute(x)),
      backend.binding,
    );
  };
  const graph = new GraphBuilder();
  const type = { type: dataTypes.float32 };
  graph.add("x", "Placeholder", [], { dtype: type, shape: { shape: [-1, height, width, channels] } });
  graph.add("size", "Placeholder", [], { dtype: { type: dataTypes.int32 }, shape: { shape: [] } });
  const recordings = [at(3), at(5)] as const;
  const placement = { prefix: "f", inputs: { x: "x:0" }, batchSize: "size:0" };
  const results = addRecording(graph, backend.binding, recordings, [3, 5], placement);
  const session = openGraphSession(backend, graph);
  const x = wave([4, height, width, channels], 2.1);
  const fed = {
    x: { data: x.dataSync() as Float32Array, shape: x.shape },
    size: { data: Int32Array.of(4), shape: [] },
  };
  const [actual] = session.run(fed, Object.values(results));
  session.close();
  const [expected] = tf.tidy(() => Object.values(compute(x)).map((tensor) => tensor.dataSync())) as [Float32Array];
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs((actual?.data[index] as number) - value) / scale),
    0,
  );
  const additions = recordings[0].ops.filter(({ op }) => op === "Add" || op === "AddV2");
  const sums = recordings[0].ops.filter(
    ({ op, inputs }) => op === "DlctlConvolutionInputGradient" && inputs[4]?.from === "op",
  );
  return { difference, additions: additions.length, sums: sums.length };
}

const convolve = (x: tf.Tensor4D, taps: number, strides = 1) =>
  tf.relu(tf.conv2d(x, wave([taps, taps, channels, channels], taps) as tf.Tensor4D, strides, "same"));

describeOwnOps("a sum of gradients", () => {
  test.each<[string, Forward]>([
    ["beside a way around", (x) => tf.add(convolve(x, 3), tf.square(x))],
    ["of two convolutions", (x) => tf.add(convolve(x, 3), convolve(x, 1))],
    ["of two with strides", (x) => tf.add(convolve(x, 3, 2), convolve(x, 1, 2))],
  ])("%s is written by a convolution's operation", (_, forward) => {
    const { difference, additions, sums } = compare(gradientOf(forward));
    // That of the forward pass stays.
    expect([additions, sums]).toEqual([1, 1]);
    // Both sides round.
    expect(difference).toBeLessThan(2e-6);
  });

  test("of three is two operations", () => {
    const { difference, additions, sums } = compare(
      gradientOf((x) => tf.add(tf.add(convolve(x, 3), convolve(x, 1)), tf.square(x))),
    );
    expect(additions + sums).toBe(4);
    expect(sums).toBeGreaterThan(0);
    expect(difference).toBeLessThan(2e-6);
  });

  test("with something smaller stays apart", () => {
    if (!nativeBackend()?.hasTiles) return;
    const filter = wave([3, 3, channels, channels], 1) as tf.Tensor4D;
    const compute = (x: tf.Tensor) => ({
      y: tf.add(
        tf.conv2dTranspose(x as tf.Tensor4D, filter, [x.shape[0] as number, height, width, channels], 1, "same"),
        tf.mean(x, [1, 2], true),
      ),
    });
    const { difference, additions, sums } = compare(compute);
    expect([additions, sums]).toEqual([1, 0]);
    expect(difference).toBeLessThan(2e-6);
  });
});
