import type { BindingAttribute, NativeBackend, NativeBinding } from "../../src/runtime/native-backend";
import { tf } from "../../src/runtime/tf";

const functions = {
  executeOp: "every kernel ends in it: the recorder (src/engine/graph/record.ts) watches it",
  createTensor: "constants come in through it: the recorder watches it; sessions are fed through it",
  deleteTensor: "what a session was fed is freed by it (src/engine/graph/graph-session.ts)",
  tensorDataSync: "values leave through it: the recorder refuses it, sessions fetch with it",
  loadSavedModel: "opens a compiled graph (src/engine/graph/graph-session.ts)",
  runSavedModel: "runs a compiled graph (src/engine/graph/graph-session.ts)",
  deleteSavedModel: "closes a compiled graph (src/engine/graph/graph-session.ts)",
} satisfies Partial<Record<keyof NativeBinding, string>>;

/** TensorFlow's own numbers (c/tf_datatype.h, c/tf_attrtype.h), which graphs are written with. */
const numbers = {
  ...{
    TF_FLOAT: 1,
    TF_INT32: 3,
    TF_UINT8: 4,
    TF_STRING: 7,
    TF_COMPLEX64: 8,
    TF_INT64: 9,
    TF_BOOL: 10,
    TF_RESOURCE: 20,
  },
  ...{ TF_ATTR_STRING: 0, TF_ATTR_INT: 1, TF_ATTR_FLOAT: 2, TF_ATTR_BOOL: 3, TF_ATTR_TYPE: 4, TF_ATTR_SHAPE: 5 },
} satisfies Partial<Record<keyof NativeBinding, number>>;

/**
 * What of tfjs-node's private parts, on which the compiled engine leans, is not as it must be: a sentence each, with what
 * leans on it. None when all are.
 */
export function contractBreaks(backend: NativeBackend): string[] {
  const shape = [...missingParts(backend), ...otherNumbers(backend.binding)];
  // Without these the rest can't even be tried.
  return shape.length > 0 ? shape : [...watchedCalls(backend), ...tensorNumbers(backend.binding)];
}

function missingParts(backend: NativeBackend): string[] {
  const ofBinding = Object.entries(functions)
    .filter(([name]) => typeof backend.binding?.[name as keyof typeof functions] !== "function")
    .map(([name, why]) => `backend.binding.${name} is no function any more; ${why}`);
  const ofBackend = (["getInputTensorIds", "createOutputTensor", "executeMultipleOutputs"] as const)
    .filter((name) => typeof backend[name] !== "function")
    .map((name) => `backend.${name} is no function any more; src/runtime/native-backend.ts says what it is for`);
  return [...ofBinding, ...ofBackend];
}

function otherNumbers(binding: NativeBinding): string[] {
  return Object.entries(numbers)
    .filter(([name, value]) => binding?.[name as keyof typeof numbers] !== value)
    .map(([name, value]) => {
      const now = binding?.[name as keyof typeof numbers];
      return `backend.binding.${name} is ${now} and not ${value}; graphs are written with TensorFlow's own numbers`;
    });
}

interface Call {
  readonly name: unknown;
  readonly attributes: unknown;
  readonly inputIds: unknown;
  readonly outputCount: unknown;
  readonly outputs: unknown;
}

/** Puts another binding in place, as the recorder does, and looks at what passes through it. */
function watchedCalls(backend: NativeBackend): string[] {
  const original = backend.binding;
  const calls: Call[] = [];
  const created: unknown[][] = [];
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const [inputId] = backend.getInputTensorIds([x]);
  backend.binding = Object.create(original, {
    executeOp: {
      value(...args: [string, BindingAttribute[], number[], number]) {
        const outputs = original.executeOp(...args);
        const [name, attributes, inputIds, outputCount] = args;
        calls.push({ name, attributes, inputIds, outputCount, outputs });
        return outputs;
      },
    },
    createTensor: {
      value(...args: [number[], number, unknown]) {
        created.push(args);
        return original.createTensor(...args);
      },
    },
  }) as NativeBinding;
  let values: number[] = [];
  try {
    values = tf.tidy(() => Array.from(tf.matMul(x, tf.tensor2d([1, 0, 0, 1], [2, 2])).dataSync()));
  } finally {
    backend.binding = original;
    x.dispose();
  }
  return [
    ...describeCall(calls, inputId),
    ...describeCreated(created),
    ...(String(values) === "1,2,3,4" ? [] : [`a product through a watched binding gave ${values} and not 1,2,3,4`]),
  ];
}

function describeCall(calls: readonly Call[], inputId: number | undefined): string[] {
  if (calls.length === 0) {
    return [
      "a kernel ran without binding.executeOp being called on the object in backend.binding: nothing would be recorded",
    ];
  }
  const call = calls.find(({ name }) => name === "MatMul" || name === "BatchMatMul" || name === "BatchMatMulV2");
  if (!call) return [`tf.matMul called ${calls.map(({ name }) => name)} and not MatMul: argument 1 is the op's name`];
  const { attributes, inputIds, outputCount, outputs } = call;
  const isAttribute = (value: unknown) =>
    typeof value === "object" && value !== null && "name" in value && "type" in value && "value" in value;
  const output = Array.isArray(outputs) ? outputs[0] : undefined;
  const breaks: [isRight: boolean, what: string][] = [
    [
      Array.isArray(attributes) && attributes.every(isAttribute),
      "argument 2 of executeOp is no list of { name, type, value } any more",
    ],
    [
      Array.isArray(inputIds) && inputIds[0] === inputId,
      "argument 3 of executeOp does not name the inputs by the numbers that getInputTensorIds gives",
    ],
    [outputCount === 1, "argument 4 of executeOp is not the number of outputs any more"],
    [
      typeof output?.id === "number" && Array.isArray(output.shape) && output.dtype === numbers.TF_FLOAT,
      "executeOp does not return { id, shape, dtype } for each output any more",
    ],
  ];
  return breaks.filter(([isRight]) => !isRight).map(([, what]) => `${what}; src/engine/graph/record.ts reads it so`);
}

function describeCreated(created: readonly unknown[][]): string[] {
  const [first] = created;
  if (!first) return ["a constant came in without binding.createTensor on the object in backend.binding being called"];
  const [shape, dtype, values] = first;
  const isRight = String(shape) === "2,2" && dtype === numbers.TF_FLOAT && values instanceof Float32Array;
  return isRight
    ? []
    : ["createTensor is not called with shape, type and a typed array any more; record.ts reads it so"];
}

/** A number that was used again would make the recorder take one tensor for another. */
export function tensorNumbers(binding: Pick<NativeBinding, "createTensor" | "deleteTensor" | "TF_FLOAT">): string[] {
  const make = () => binding.createTensor([1], binding.TF_FLOAT, Float32Array.of(1));
  const first = make();
  binding.deleteTensor(first);
  const second = make();
  binding.deleteTensor(second);
  return second > first
    ? []
    : [`tensor number ${first} was deleted and then given again: recordings would mix tensors up`];
}
