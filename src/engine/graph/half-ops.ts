import type { HalfPrecision } from "../../runtime/precision";

/** Which of an op's inputs and outputs have the type that its attribute `T` names. */
export interface HalfForm {
  /** From the first to before the second, which counts from the end where it is negative; without it up to the last. */
  readonly inputs: readonly [from: number, until?: number];
  /** The one among them that is a shape, or a condition. */
  readonly without?: number;
  /** Undefined: all. */
  readonly outputs?: readonly number[];
}

/** An op that may be computed in half where the inputs that decide are half, or weights, constants and bits beside such. */
export interface FollowingForm extends HalfForm {
  /** Undefined: all of `inputs`. What does not decide is made half where it is not. */
  readonly decides?: readonly number[];
  /** Only one of the inputs may be what was computed before: a factor. */
  readonly isScaling?: true;
}

const two: HalfForm = { inputs: [0, 2] };

/**
 * What half precision is for: most of a step's arithmetic, sums of many products each, which are added up in float32. They are
 * those of TensorFlow's automatic mixed precision; depthwise convolutions are not among them there, either.
 */
const products: Readonly<Record<string, HalfForm>> = {
  MatMul: two,
  BatchMatMulV2: two,
  Conv2D: two,
  // The first of three, or the second, is a shape.
  Conv2DBackpropInput: { inputs: [1, 3] },
  Conv2DBackpropFilter: { inputs: [0, 3], without: 1 },
  Conv3D: two,
  Conv3DBackpropInputV2: { inputs: [1, 3] },
  Conv3DBackpropFilterV2: { inputs: [0, 3], without: 1 },
};

/** Whole recurrent layers, which TensorFlow has in float16 and not in bfloat16. The first input is the number of steps. */
const float16Products: Readonly<Record<string, HalfForm>> = {
  BlockLSTMV2: { inputs: [1] },
  BlockLSTMGradV2: { inputs: [1] },
};

const one: FollowingForm = { inputs: [0, 1] };
const pair: FollowingForm = { inputs: [0, 2] };
/** The incoming gradient does not decide, what was kept of the forward pass does. */
const gradientFirst: FollowingForm = { inputs: [0, 2], decides: [1] };
const gradientLast: FollowingForm = { inputs: [0, 2], decides: [0] };

/**
 * What stays half between products, so that nothing is written to memory in float32 only to be rounded when it is read: what moves numbers or
 * picks some of them, and what computes each from one or two without leaving their range. Not among it: sums and means, squares and
 * exponentials, softmax, losses; and products of two things computed, which gates are, so that the state of a recurrent layer stays float32.
 */
const following: Readonly<Record<string, FollowingForm>> = {
  Identity: one,
  Reshape: one,
  Transpose: one,
  ExpandDims: one,
  Squeeze: one,
  Slice: one,
  StridedSlice: one,
  Tile: one,
  Pad: one,
  PadV2: { inputs: [0, 3], without: 1 },
  ReverseV2: one,
  SpaceToBatchND: one,
  BatchToSpaceND: one,
  Unpack: one,
  Split: { inputs: [1, 2] },
  SplitV: one,
  Pack: { inputs: [0] },
  ConcatV2: { inputs: [0, -1] },
  Select: { inputs: [1, 3] },
  SelectV2: { inputs: [1, 3] },
  BiasAdd: pair,
  Add: pair,
  AddV2: pair,
  Sub: pair,
  Mul: { ...pair, isScaling: true },
  Neg: one,
  Maximum: pair,
  Minimum: pair,
  Relu: one,
  ReluGrad: gradientFirst,
  Relu6: one,
  Relu6Grad: gradientFirst,
  LeakyRelu: one,
  LeakyReluGrad: gradientFirst,
  Elu: one,
  EluGrad: gradientFirst,
  Selu: one,
  SeluGrad: gradientFirst,
  Sigmoid: one,
  SigmoidGrad: gradientLast,
  Tanh: one,
  TanhGrad: gradientLast,
  MaxPool: one,
  MaxPoolGrad: { inputs: [0, 3], decides: [0, 1] },
  // Its statistics, scale and shift are float32 in either case.
  FusedBatchNormV3: { inputs: [0, 1], outputs: [0] },
  FusedBatchNormGradV3: { inputs: [0, 2], outputs: [0], decides: [1] },
};

/** The form of a product, where it can be computed in this type. */
export function productForm(op: string, precision: HalfPrecision): HalfForm | undefined {
  return products[op] ?? (precision === "float16" ? float16Products[op] : undefined);
}

/** The form of an op that stays half between products. */
export const followingForm = (op: string): FollowingForm | undefined => following[op];

/** The places of the inputs that have the op's type, of `count` inputs. */
export function typedInputs({ inputs: [from, until], without }: HalfForm, count: number): number[] {
  const end = until === undefined ? count : until < 0 ? count + until : until;
  return Array.from({ length: end - from }, (_, index) => from + index).filter((place) => place !== without);
}
