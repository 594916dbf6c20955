import { addRecording } from "../../../../src/engine/graph/add-recording";
import { dataTypes, GraphBuilder } from "../../../../src/engine/graph/graph-builder";
import { openGraphSession } from "../../../../src/engine/graph/graph-session";
import { NotRecordableError, record } from "../../../../src/engine/graph/record";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { tf } from "../../../../src/runtime/tf";
import { describeNative } from "../../../helpers/runtime";

type Compute = (x: tf.Tensor) => tf.Tensor;

/** Records `compute` at 3 and 5 examples of `width` numbers, and returns it as one graph for any number of them. */
function compile(compute: Compute, width: number) {
  const backend = currentNativeBackend() as NativeBackend;
  const at = (size: number) => {
    const x = tf.randomUniform([size, width]);
    const recording = record(backend, { x }, () => ({ y: compute(x) }));
    x.dispose();
    return recording;
  };
  const graph = new GraphBuilder();
  const type = { type: dataTypes.float32 };
  graph.add("x", "Placeholder", [], { dtype: type, shape: { shape: [-1, width] } });
  graph.add("shape", "Shape", ["x:0"], { T: type, out_type: { type: dataTypes.int32 } });
  const [zero, one] = [graph.intConstant([0]), graph.intConstant([1])];
  const int = { type: dataTypes.int32 };
  graph.add("size", "StridedSlice", ["shape:0", zero, one, one], { T: int, Index: int, shrink_axis_mask: { int: 1 } });
  const placement = { prefix: "f", inputs: { x: "x:0" }, batchSize: "size:0" };
  const { y } = addRecording(graph, backend.binding, [at(3), at(5)], [3, 5], placement);
  graph.add("y", "Identity", [y as string], { T: type });
  const session = openGraphSession(backend, graph);
  return {
    run: (data: Float32Array) => session.run({ x: { data, shape: [data.length / width, width] } }, ["y"])[0],
    close: () => session.close(),
  };
}

describeNative("a recorded computation", () => {
  const cases: Record<string, Compute> = {
    "of products and activations": (x) => tf.relu(tf.add(tf.matMul(x as tf.Tensor2D, tf.ones([4, 3])), -1.5)),
    "with shapes of the batch": (x) => tf.reshape(tf.tile(x, [1, 2]), [-1, 2]),
    "with a mean, whose divisor is the size of the batch": (x) => tf.grad((v: tf.Tensor) => tf.mean(tf.square(v)))(x),
    "with ones of the batch's shape": (x) => tf.grad((v: tf.Tensor) => tf.sum(tf.exp(v)))(x),
    "with a slice of all but the first": (x) =>
      tf.concat([tf.slice(x, [1, 0], [(x.shape[0] as number) - 1, 4]), tf.slice(x, [0, 0], [1, 4])]),
    "with a gather by position": (x) => tf.gather(x, tf.range(0, x.shape[0] as number, 1, "int32")),
    "that divides by the size in JavaScript": (x) => tf.div(tf.sum(x), x.shape[0] as number),
  };

  test.each(Object.entries(cases))("%s gives eager's values at sizes it was not recorded at", (_, compute) => {
    const { run, close } = compile(compute, 4);
    for (const size of [1, 7, 32]) {
      const data = Float32Array.from({ length: size * 4 }, (_, index) => Math.sin(index));
      const expected = tf.tidy(() => compute(tf.tensor2d(data, [size, 4])).dataSync());
      const actual = run(data);
      expect(actual?.data.length).toBe(expected.length);
      expected.forEach((value, index) => {
        expect(actual?.data[index]).toBeCloseTo(value as number, 5);
      });
    }
    close();
  });

  test("is refused when it reads values back", () => {
    expect(() => compile((x) => tf.mul(x, x.dataSync()[0] as number), 4)).toThrow(NotRecordableError);
  });

  test("is refused when a constant changes with the batch in a way two sizes don't tell", () => {
    expect(() => compile((x) => tf.mul(x, (x.shape[0] as number) ** 3), 4)).toThrow(/constant of Mul/);
  });

  test("leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    compile((x) => tf.relu(x), 4).close();
    expect(tf.memory().numTensors).toBe(before);
  });
});
