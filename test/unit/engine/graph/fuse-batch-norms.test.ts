import { addRecording } from "../../../../src/engine/graph/add-recording";
import { dataTypes, GraphBuilder } from "../../../../src/engine/graph/graph-builder";
import { openGraphSession } from "../../../../src/engine/graph/graph-session";
import { optimizeRecording } from "../../../../src/engine/graph/optimize-recording";
import { record } from "../../../../src/engine/graph/record";
import { normalizeBatch } from "../../../../src/model/layers/normalize-batch";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

type Forward = (normal: tf.Tensor, x: tf.Tensor) => tf.Tensor;

const wave = (shape: number[], phase: number) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index * 1.7 + phase)),
    shape,
  );

/** What comes of a normalization followed by `forward`: its statistics, and gradients of a sum over the outputs. */
function computation(channels: number, forward: Forward) {
  const [gamma, beta] = [wave([channels], 0.3), wave([channels], 0.9)];
  return (x: tf.Tensor): Record<string, tf.Tensor> => {
    const seen: tf.Tensor[] = [];
    const loss = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
      const added = tf.mul(x, 0.5);
      const { output, mean, variance } = normalizeBatch(tf.mul(x, 1.5), gamma, beta, 1e-3);
      const y = forward(output, added);
      seen.push(...[y, mean, variance].map((tensor) => tf.keep(tensor)));
      return tf.sum(tf.mul(y, tf.cos(y)));
    };
    const [dx, dgamma, dbeta] = tf.grads((...given) => loss(...(given as [tf.Tensor, tf.Tensor, tf.Tensor])))([
      x,
      gamma,
      beta,
    ]);
    const [y, mean, variance] = seen;
    return { y, mean, variance, dx, dgamma, dbeta } as Record<string, tf.Tensor>;
  };
}

/**
 * The ops of the computation's recording, and the largest difference of its results as a graph from TensorFlow's, of their
 * scale; of the mean, which is nearly 0, of the scale of x.
 */
function compare(channels: number, forward: Forward) {
  const backend = currentNativeBackend() as NativeBackend;
  const compute = computation(channels, forward);
  const shapeOf = (size: number) => [size, 7, 9, channels];
  const at = (size: number) => {
    const x = wave(shapeOf(size), 0.1);
    return optimizeRecording(
      record(backend, { x }, () => compute(x)),
      backend.binding,
    );
  };
  const graph = new GraphBuilder();
  const type = { type: dataTypes.float32 };
  graph.add("x", "Placeholder", [], { dtype: type, shape: { shape: [-1, 7, 9, channels] } });
  graph.add("size", "Placeholder", [], { dtype: { type: dataTypes.int32 }, shape: { shape: [] } });
  const recordings = [at(3), at(5)] as const;
  const placement = { prefix: "f", inputs: { x: "x:0" }, batchSize: "size:0" };
  const results = addRecording(graph, backend.binding, recordings, [3, 5], placement);
  const session = openGraphSession(backend, graph);
  const x = wave(shapeOf(4), 2.1);
  const fed = {
    x: { data: x.dataSync() as Float32Array, shape: x.shape },
    size: { data: Int32Array.of(4), shape: [] },
  };
  const actual = session.run(fed, Object.values(results));
  session.close();
  const expected = withoutOwnOps(() => tf.tidy(() => Object.values(compute(x)).map((tensor) => tensor.dataSync())));
  const differences = Object.fromEntries(
    Object.keys(results).map((name, index) => [
      name,
      difference(actual[index]?.data as Float32Array, expected[index] as Float32Array, name === "mean" ? 1.5 : 1e-6),
    ]),
  );
  return { ops: recordings[0].ops, differences };
}

function withoutOwnOps<Result>(run: () => Result): Result {
  process.env.DLCTL_NATIVE_OPS = "off";
  try {
    return run();
  } finally {
    delete process.env.DLCTL_NATIVE_OPS;
  }
}

function difference(own: ArrayLike<number>, other: ArrayLike<number>, least: number): number {
  expect(own.length).toBe(other.length);
  const scale = Array.from(other).reduce((most, value) => Math.max(most, Math.abs(value)), least);
  return Array.from(other).reduce(
    (most, value, at) => Math.max(most, Math.abs((own[at] as number) - value) / scale),
    0,
  );
}

const joined: Record<string, Forward> = {
  "before relu": (normal) => tf.relu(normal),
  "before an addition and relu": (normal, x) => tf.relu(tf.add(normal, x)),
  "added to something, before relu": (normal, x) => tf.relu(tf.add(x, normal)),
};
const apart: Record<string, Forward> = {
  alone: (normal) => normal,
  "whose outputs are read beside relu": (normal) => tf.add(tf.relu(normal), tf.sin(normal)),
  "whose sum is read beside relu": (normal, x) => {
    const sum = tf.add(normal, x);
    return tf.add(tf.relu(sum), tf.sin(sum));
  },
  "before another addition": (normal, x) => tf.add(normal, x),
  "with something smaller added, before relu": (normal, x) => tf.relu(tf.add(normal, tf.mean(x, [1, 2], true))),
  "with something added that comes later, before relu": (normal, x) => tf.relu(tf.add(normal, tf.sin(x))),
};

/** Of scale; both sides round. */
const tolerance = 3e-6;

describeOwnOps("a compiled batch normalization", () => {
  test.each(Object.entries(joined))("%s is one operation with it", (_, forward) => {
    for (const channels of [16, 37, 70]) {
      const { ops, differences } = compare(channels, forward);
      for (const [name, most] of Object.entries(differences))
        expect([name, most < tolerance ? "close" : most]).toEqual([name, "close"]);
      const names = ops.map(({ op }) => op);
      expect(names).toEqual(expect.arrayContaining(["DlctlBatchNorm", "DlctlBatchNormGradient"]));
      for (const op of ["Relu", "ReluGrad", "FusedBatchNormV3"]) expect(names).not.toContain(op);
    }
  });

  test.each(Object.entries(apart))("%s stays apart", (_, forward) => {
    const { ops, differences } = compare(33, forward);
    for (const [name, most] of Object.entries(differences))
      expect([name, most < tolerance ? "close" : most]).toEqual([name, "close"]);
    const fused = ops.filter(({ attributes }) => attributes.some(({ name, value }) => name === "relu" && value));
    expect(fused).toEqual([]);
  });
});
