import type { z } from "zod";
import type { tf } from "../../runtime/tf";
import type { AdamUpdate, NativeUpdate } from "./native-update";

/** Numbers of one update step that are the same for all variables; an engine feeds them as scalars. */
export type StepScalars = Readonly<Record<string, number>>;

/**
 * One kind of optimizer, whole: a pure function of tensors, so that its state can be saved, and an engine can record it.
 * Formulas and defaults are Keras 3's.
 */
export interface OptimizerDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** One sentence with the source, for the docs. */
  readonly description: string;
  /** Without `learningRate`'s schedule; `learningRate` itself is one of them, with its default. */
  readonly options: Options;
  /** Names and first values of the slots that each variable has; slots have the variable's shape. */
  slots(options: z.output<z.ZodObject<Options>>): Readonly<Record<string, number>>;
  /** Scalars of step `step` (1 for the first update), computed in double precision. */
  scalars(
    options: z.output<z.ZodObject<Options>>,
    at: { readonly learningRate: number; readonly step: number },
  ): StepScalars;
  /**
   * New value and new slots. Nothing is disposed or kept; for use inside tf.tidy. `isDecayed`: a weight of more than one
   * axis (a kernel, an embedding), where options may limit weight decay to these. Element by element: no element's new
   * value depends on another's, so that an engine may join variables into one.
   */
  update(
    options: z.output<z.ZodObject<Options>>,
    variable: { readonly value: tf.Tensor; readonly gradient: tf.Tensor; readonly isDecayed: boolean },
    slots: Readonly<Record<string, tf.Tensor>>,
    scalars: Readonly<Record<string, tf.Scalar>>,
  ): { readonly value: tf.Tensor; readonly slots: Readonly<Record<string, tf.Tensor>> };
  /** The same as one op of TensorFlow's, where there is one for these options. */
  native?(options: z.output<z.ZodObject<Options>>): NativeUpdate | undefined;
  /** The same as dlctl's own Adam, where these options make it one. */
  adam?(options: z.output<z.ZodObject<Options>>): AdamUpdate | undefined;
}

/** An optimizer definition with its options applied. */
export interface BoundOptimizer {
  readonly slots: Readonly<Record<string, number>>;
  scalars(at: { readonly learningRate: number; readonly step: number }): StepScalars;
  update(
    variable: { readonly value: tf.Tensor; readonly gradient: tf.Tensor; readonly isDecayed: boolean },
    slots: Readonly<Record<string, tf.Tensor>>,
    scalars: Readonly<Record<string, tf.Scalar>>,
  ): { readonly value: tf.Tensor; readonly slots: Readonly<Record<string, tf.Tensor>> };
  readonly native?: NativeUpdate | undefined;
  readonly adam?: AdamUpdate | undefined;
}

/** Lets TypeScript infer the options of a definition. */
export function defineOptimizer<const Type extends string, Options extends z.ZodRawShape>(
  definition: OptimizerDefinition<Type, Options>,
): OptimizerDefinition<Type, Options> {
  return definition;
}
