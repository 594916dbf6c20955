import type { BindingAttribute } from "../../runtime/native-backend";

export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** Where an op's input comes from. */
export type ValueSource =
  | { readonly from: "op"; readonly op: number; readonly output: number }
  | { readonly from: "constant"; readonly constant: number }
  | { readonly from: "input"; readonly name: string };

export interface RecordedOp {
  readonly op: string;
  readonly attributes: readonly BindingAttribute[];
  readonly inputs: readonly ValueSource[];
  readonly outputCount: number;
  /** Of an addition alone: both terms were seen to have the sum's shape. */
  readonly isOfEqualShapes?: true;
}

export interface RecordedConstant {
  readonly shape: readonly number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  readonly data: ConstantData;
}

/** The ops that ran while something was computed, in order, and which of their outputs are its results. */
export interface Recording {
  readonly ops: readonly RecordedOp[];
  readonly constants: readonly RecordedConstant[];
  readonly results: Readonly<Record<string, ValueSource>>;
}
