import type { z } from "zod";
import type { Seeds } from "../../runtime/stateless-random";
import type { tf } from "../../runtime/tf";

/** One kind of random change to training images, whole. Runs on the device on whole batches. */
export interface AugmentationDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  /** `op` in configs. */
  readonly type: Type;
  /** One sentence with the exact definition and distribution, for the docs. */
  readonly description: string;
  readonly options: Options;
  /** What is wrong with these options, or with them for images of `channels` (left out where not known), as a sentence. */
  check?(options: z.output<z.ZodObject<Options>>, channels: number | undefined): string | undefined;
  /**
   * Inputs are float32 `[batch, height, width, channels]` in [0, 255] and stay so, in shape and range; targets are
   * what the loss takes. All randomness from `seeds` (statelessUniform and statelessNormal; `deriveSeeds` for more
   * than one draw). Each image of the batch draws its own. tfjs or native ops, for use inside tf.tidy.
   */
  apply(
    options: z.output<z.ZodObject<Options>>,
    batch: { readonly inputs: tf.Tensor4D; readonly targets: tf.Tensor },
    seeds: Seeds,
  ): { readonly inputs: tf.Tensor4D; readonly targets: tf.Tensor };
}

/** Gives the definition back with the types of its options inferred. */
export function defineAugmentation<const Type extends string, Options extends z.ZodRawShape>(
  definition: AugmentationDefinition<Type, Options>,
): AugmentationDefinition<Type, Options> {
  return definition;
}
