import type { NativeBinding } from "../../runtime/native-backend";
import type { RecordedOp, Recording, ValueSource } from "./recording";
import { isOutput, RecordingUses } from "./recording-uses";

/** A convolution of a recording with what follows it. Numbers are indices of ops. */
export interface FoundConvolution {
  readonly convolution: number;
  readonly bias: ValueSource | undefined;
  readonly hasRelu: boolean;
  readonly isPooled: boolean;
  /** From the convolution to the last that is one with it. */
  readonly forward: readonly number[];
  /** Backward, those that undo pooling and relu. */
  readonly undone: readonly number[];
  readonly gradients: FoundGradients | undefined;
}

/** The ops that take the gradient of a convolution's sums. */
export interface FoundGradients {
  /** The gradient of what the last op of `forward` gave. */
  readonly dy: ValueSource;
  readonly filter: number | undefined;
  readonly bias: number | undefined;
  readonly input: number | undefined;
}

/** Convolutions with bias, relu and pooling by 2 x 2, as far as they are followed by these alone, with their gradients. */
export function findConvolutions(recording: Recording, binding: NativeBinding): FoundConvolution[] {
  const uses = new RecordingUses(recording);
  const found: FoundConvolution[] = [];
  recording.ops.forEach((op, index) => {
    if (op.op === "Conv2D" && isPlainConvolution(op, binding)) found.push(extend(uses, index));
  });
  return found;
}

function extend(uses: RecordingUses, convolution: number): FoundConvolution {
  const biased = uses.soleStep(convolution, "BiasAdd");
  const linear = biased ? [convolution, biased.forward] : [convolution];
  const bias = biased && uses.op(biased.forward).inputs[1];
  const plain = {
    convolution,
    bias,
    hasRelu: false,
    isPooled: false,
    forward: linear,
    undone: [],
    gradients: undefined,
  };
  const relu = uses.soleStep(linear.at(-1) as number, "Relu", "ReluGrad", 1);
  if (!relu) return plain;
  const gradients = relu.gradient === undefined ? undefined : gradientsOf(uses, convolution, relu.gradient);
  if (relu.gradient !== undefined && !gradients) return plain;
  const activated = [...linear, relu.forward];
  const undoRelu = relu.gradient === undefined ? [] : [relu.gradient];
  const withRelu = { ...plain, hasRelu: true, forward: activated, undone: undoRelu, gradients };
  const pool = uses.soleStep(relu.forward, "MaxPool", "MaxPoolGrad", 0);
  if (!pool || !halves(uses.op(pool.forward))) return withRelu;
  if (pool.gradient === undefined) {
    return relu.gradient === undefined
      ? { ...withRelu, isPooled: true, forward: [...activated, pool.forward] }
      : withRelu;
  }
  const isUndone =
    relu.gradient !== undefined &&
    uses.takes(relu.gradient, 0, pool.gradient) &&
    uses.usersOf(pool.gradient)?.length === 1 &&
    isOutput(uses.op(pool.gradient).inputs[1], pool.forward);
  if (!isUndone || !gradients) return withRelu;
  return {
    ...withRelu,
    isPooled: true,
    forward: [...activated, pool.forward],
    undone: [pool.gradient, ...undoRelu],
    gradients: { ...gradients, dy: uses.op(pool.gradient).inputs[2] as ValueSource },
  };
}

/** What takes the output of this ReluGrad, where that is nothing but the convolution's gradients. */
function gradientsOf(uses: RecordingUses, convolution: number, reluGrad: number): FoundGradients | undefined {
  const users = uses.usersOf(reluGrad);
  const of = (kind: string) => users?.filter((user) => uses.op(user).op === kind) ?? [];
  const [filters, biases, inputs] = [of("Conv2DBackpropFilter"), of("BiasAddGrad"), of("Conv2DBackpropInput")];
  const isKnown = filters.length + biases.length + inputs.length === users?.length;
  const isSingle = filters.length <= 1 && biases.length <= 1 && inputs.length <= 1;
  const [filter] = filters;
  // The gradient of the bias comes with that of the filter.
  if (!isKnown || !isSingle || (filter === undefined && biases.length > 0)) return undefined;
  const own = uses.op(convolution);
  const isOwn =
    [...filters, ...inputs].every((user) => uses.takes(user, 2, reluGrad) && isAlike(uses.op(user), own)) &&
    (filter === undefined || isSame(uses.op(filter).inputs[0], own.inputs[0]));
  const dy = uses.op(reluGrad).inputs[0] as ValueSource;
  return isOwn ? { dy, filter, bias: biases[0], input: inputs[0] } : undefined;
}

export function attributeOf(op: RecordedOp, name: string): unknown {
  return op.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Images with channels last, float32, without dilation, and with one of TensorFlow's two ways to pad. */
export function isPlainConvolution(op: RecordedOp, binding: NativeBinding): boolean {
  const padding = attributeOf(op, "padding");
  return (
    attributeOf(op, "T") === binding.TF_FLOAT &&
    attributeOf(op, "data_format") === "NHWC" &&
    (padding === "SAME" || padding === "VALID") &&
    ((attributeOf(op, "dilations") as number[] | undefined) ?? []).every((step) => step === 1)
  );
}

function isAlike(op: RecordedOp, other: RecordedOp): boolean {
  return ["strides", "padding", "data_format", "dilations"].every(
    (name) => JSON.stringify(attributeOf(op, name)) === JSON.stringify(attributeOf(other, name)),
  );
}

/** Whether pooling takes the greatest of each 2 x 2 pixels and nothing of the rest. */
function halves(op: RecordedOp): boolean {
  const sizes = [attributeOf(op, "ksize"), attributeOf(op, "strides")];
  const isByTwo = sizes.every((size) => JSON.stringify(size) === "[1,2,2,1]");
  return isByTwo && attributeOf(op, "padding") === "VALID" && attributeOf(op, "data_format") === "NHWC";
}

export function isSame(a: ValueSource | undefined, b: ValueSource | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
