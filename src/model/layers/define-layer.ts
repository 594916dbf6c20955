import type { z } from "zod";
import type { tf } from "../../runtime/tf";
import type { Shape } from "../../shared/shape";
import type { ConstraintConfig, TfConstraint } from "../constraints";
import type { CostShapes, Operation } from "../costs/operation";
import type { InitializerConfig, TfInitializer } from "../initializers";
import type { RegularizerConfig, TfRegularizer } from "../regularizers";

/** What a layer may ask of the model it is built into. */
export interface LayerContext {
  /** Number of classes of the data, what `"units": "classes"` stands for; undefined when the task has none. */
  readonly classes: number | undefined;
  /** Number of tokens of tokenized text, padding and unknown ones included; undefined for other data. */
  readonly vocabulary: number | undefined;
  /** Name of the layer: as given, else made from its type and position. `buildModel` gives it to the layer. */
  readonly name: string;
  /** Shapes of its inputs, batch first as null; `check` has passed. */
  readonly inputShapes: readonly Shape[];
  /** Whether a mask of padding comes with its first input. */
  readonly isMasked: boolean;
  /** Seed of this layer's own random draws (dropout, noise), derived from the config's seed and the layer's name. */
  readonly seed: number;
  /** The tfjs initializer for `config`, seeded from the config's seed, the layer's name and `weight` ("kernel"). */
  initializer(config: InitializerConfig, weight: string): TfInitializer;
  regularizer(config: RegularizerConfig | undefined): TfRegularizer | undefined;
  constraint(config: ConstraintConfig | undefined): TfConstraint | undefined;
}

/** One kind of layer, whole: its name in configs, its options, its shape rule and how it is built. */
export interface LayerDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  /** As TensorFlow.js calls it; its className is the same but for upper and lower case, with "Dlctl" before it where tfjs has no such layer. */
  readonly type: Type;
  /** One sentence for the docs: what the layer does. */
  readonly description: string;
  /** The shape rule as people write it: `[batch, ..., features] -> [batch, ..., units]`. */
  readonly shape: string;
  /** Options with their defaults (Keras 3's) and descriptions. `name`, `inputs` and `trainable` are added to every layer. */
  readonly options: Options;
  /** "one" input (default), "many": a merging layer, which needs `inputs`; or "oneOrTwo". */
  readonly inputs?: "one" | "many" | "oneOrTwo";
  /** Number of axes the input must have, batch included; absent when any will do. */
  readonly inputRank?: number | readonly number[];
  /** What else is wrong with these inputs, as a sentence without the layer's path; undefined when nothing is. */
  check?(options: z.output<z.ZodObject<Options>>, inputShapes: readonly Shape[]): string | undefined;
  /** What it computes and keeps for one example, in order (src/model/costs); a kind without it is reported as not counted. */
  cost?(options: z.output<z.ZodObject<Options>>, shapes: CostShapes): readonly Operation[];
  /** A fresh tfjs layer. The model that it is put into owns it. */
  build(options: z.output<z.ZodObject<Options>>, context: LayerContext): tf.layers.Layer;
  /**
   * Supplies what tfjs's layer lacks for training (a gradient, random numbers that can be repeated) by replacing methods of this one
   * object. Called for built and for loaded layers; `seed` and `isMasked` are the context's. What the layer computes at inference stays tfjs's, because
   * model.json is opened without dlctl too.
   */
  equip?(layer: tf.layers.Layer, seed: number, isMasked: boolean): void;
}

/** Infers the types of a layer's options. */
export function defineLayer<const Type extends string, Options extends z.ZodRawShape>(
  definition: LayerDefinition<Type, Options>,
): LayerDefinition<Type, Options> {
  return definition;
}
