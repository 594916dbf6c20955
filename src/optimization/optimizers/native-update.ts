/** An input of a NativeUpdate's op. A scalar is one of the optimizer's StepScalars, times a number where one is given. */
export type NativeUpdateInput =
  | "variable"
  | "gradient"
  | { readonly slot: string }
  | { readonly scalar: string; readonly times?: number }
  | { readonly constant: number };

/**
 * An optimizer's update as one of TensorFlow's ops on resource variables, which changes the variable and its slots in
 * place; for an engine that keeps them in a graph. Follows the optimizer's `update` up to float32's rounding.
 */
export interface NativeUpdate {
  readonly op: string;
  readonly inputs: readonly NativeUpdateInput[];
  readonly booleans?: Readonly<Record<string, boolean>>;
}
