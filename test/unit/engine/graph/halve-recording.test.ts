import { dataTypes } from "../../../../src/engine/graph/graph-builder";
import { halveRecording } from "../../../../src/engine/graph/halve-recording";
import type { RecordedOp, Recording, ValueSource } from "../../../../src/engine/graph/recording";
import type { NativeBinding } from "../../../../src/runtime/native-backend";

// The kinds of attributes and the types as TensorFlow numbers them.
const binding = { TF_ATTR_TYPE: 2, TF_ATTR_BOOL: 3, TF_BOOL: 10 } as NativeBinding;
const float = { name: "T", type: binding.TF_ATTR_TYPE, value: dataTypes.float32 };

const input = (name: string): ValueSource => ({ from: "input", name });
const of = (op: number, output = 0): ValueSource => ({ from: "op", op, output });
const constant = (index: number): ValueSource => ({ from: "constant", constant: index });
const op = (name: string, inputs: ValueSource[], outputCount = 1): RecordedOp => ({
  op: name,
  attributes: [float],
  inputs,
  outputCount,
});

const scalar = (value: number) => ({ shape: [], dtype: dataTypes.float32, data: Float32Array.of(value) });

function halve(ops: RecordedOp[], result: ValueSource, constants: Recording["constants"] = []): Recording {
  return halveRecording({ ops, constants, results: { result } }, "bfloat16", binding);
}

/** `Relu!` is one in half. */
const named = ({ ops }: Recording) =>
  ops.map(({ op, attributes }) => (attributes.some(({ name, value }) => name === "T" && value === 14) ? `${op}!` : op));

test("what lies between two products stays half, and nothing is cast forth and back", () => {
  const halved = halve(
    [
      op("Conv2D", [input("x"), input("weight/a")]),
      op("BiasAdd", [of(0), input("weight/b")]),
      op("Relu", [of(1)]),
      op("MaxPool", [of(2)]),
      op("Conv2D", [of(3), input("weight/a")]),
      op("BiasAdd", [of(4), input("weight/b")]),
      op("Softmax", [of(5)]),
    ],
    of(6),
  );
  // Inputs are cast before, each once; what goes to the softmax alone is float32 from the product on.
  const expected = ["Cast", "Cast", "Conv2D!", "Cast", "BiasAdd!", "Relu!", "MaxPool!", "Conv2D!", "Cast", "BiasAdd"];
  expect(named(halved)).toEqual([...expected, "Softmax"]);
});

test("sums, squares and products of two things computed are float32", () => {
  const halved = halve(
    [
      op("MatMul", [input("x"), input("weight/a")]),
      op("MatMul", [input("y"), input("weight/a")]),
      op("Mul", [of(0), of(1)]),
      op("Sum", [of(0), constant(0)]),
      op("Square", [of(0)]),
      op("MatMul", [of(2), of(4)]),
    ],
    of(5),
    [scalar(0)],
  );
  expect(named(halved).filter((name) => !name.startsWith("Cast"))).toEqual([
    "MatMul!",
    "MatMul!",
    "Mul",
    "Sum",
    "Square",
    "MatMul!",
  ]);
});

test.each([
  [0.125, "Mul!"],
  [1e-9, "Mul"],
  [-1e9, "Mul"],
])("a factor of %d, between products: %s", (factor, expected) => {
  const ops = [
    op("MatMul", [input("x"), input("weight/a")]),
    op("Mul", [of(0), constant(0)]),
    op("MatMul", [of(1), input("weight/a")]),
  ];
  expect(named(halve(ops, of(2), [scalar(factor)]))).toContain(expected);
});

test("results are float32, and so is an addition to what is float32", () => {
  const halved = halve(
    [
      op("MatMul", [input("x"), input("weight/a")]),
      op("AddV2", [of(0), input("x")]),
      op("MatMul", [of(1), input("weight/a")]),
    ],
    of(2),
  );
  const { ops, results } = halved;
  expect(named(halved)).toEqual(["Cast", "Cast", "MatMul!", "Cast", "AddV2", "Cast", "MatMul!", "Cast"]);
  expect(results.result).toEqual(of(ops.length - 1));
});

test("batch normalization reads and writes half, its statistics float32", () => {
  const halved = halve(
    [
      op("Conv2D", [input("x"), input("weight/a")]),
      op("FusedBatchNormV3", [of(0), input("weight/gamma"), input("weight/beta"), constant(0), constant(0)], 6),
      op("Conv2D", [of(1), input("weight/a")]),
      op("Square", [of(1, 1)]),
    ],
    of(3),
    [scalar(0)],
  );
  expect(named(halved)).toEqual(["Cast", "Cast", "Conv2D!", "FusedBatchNormV3!", "Conv2D!", "Square"]);
});
