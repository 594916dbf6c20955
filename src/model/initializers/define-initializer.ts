import type { z } from "zod";
import type { SeedPair } from "../../runtime/stateless-random";
import type { tf } from "../../runtime/tf";

export type TfInitializer = ReturnType<typeof tf.initializers.zeros>;

/** One way to draw the weights that training starts from. */
export interface InitializerDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** One sentence for the docs. */
  readonly description: string;
  readonly options: Options;
  /** The initializer of TensorFlow.js that is written into model.json in its place. */
  standard(options: z.output<z.ZodObject<Options>>): TfInitializer;
  /** Float32 weights of `shape` that depend on `seeds` alone. The caller disposes them. Throws RangeError for a shape it can't fill. */
  draw(shape: number[], options: z.output<z.ZodObject<Options>>, seeds: SeedPair): tf.Tensor;
}

/** Infers the types of an initializer's options. */
export function defineInitializer<const Type extends string, Options extends z.ZodRawShape>(
  definition: InitializerDefinition<Type, Options>,
): InitializerDefinition<Type, Options> {
  return definition;
}
