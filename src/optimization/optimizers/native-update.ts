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

/**
 * An optimizer's update as dlctl's own operation DlctlAdam takes it, which changes all variables and their slots `mean` and
 * `square` in one pass; for an engine that keeps them in a graph. The averages move towards the gradient, and its square,
 * by their shares. Follows the optimizer's `update` up to float32's rounding.
 */
export interface AdamUpdate {
  readonly meanShare: number;
  readonly squareShare: number;
  readonly epsilon: number;
  /** One of the optimizer's StepScalars, times a number. */
  readonly rate: { readonly scalar: string; readonly times: number };
  /** The scalar that values are multiplied by before; `ofVectors`: also those of one axis. Without it none are. */
  readonly kept?: { readonly scalar: string; readonly ofVectors: boolean };
}
