import { z } from "zod";
import { tf } from "../runtime/tf";
import { ConfigError, type ConfigProblem } from "../shared/errors";
import { augmentationDefinitions } from "./augment/augmentation-definitions";
import type { AugmentationDefinition } from "./augment/define-augmentation";
import { deriveSeeds } from "./augment/draw";
import type { Augmentation } from "./device-stage";
import { opSchemas } from "./op-schemas";

export const augmentationSchema = z.discriminatedUnion("op", opSchemas(augmentationDefinitions));

export type AugmentationConfig = z.output<typeof augmentationSchema>;

/** What is wrong with `data.augment`, for images of `channels` where that is known; each problem with its path. */
export function checkAugmentations(configs: readonly AugmentationConfig[], channels?: number): ConfigProblem[] {
  return configs.flatMap((config, index): ConfigProblem[] => {
    const message = definitionOf(config).check?.(config, channels);
    return message === undefined ? [] : [{ path: `data.augment[${index}]`, message }];
  });
}

/**
 * The augmentations one after the other, each with seeds of its own; undefined when there are none. What it returns is
 * the caller's, and new even where nothing changed. Throws ConfigError when options don't go together, and at a batch of images that they can't be used on.
 */
export function bindAugmentations(configs: readonly AugmentationConfig[]): Augmentation | undefined {
  if (configs.length === 0) return undefined;
  requireNoProblems(checkAugmentations(configs));
  return ({ inputs, targets }, seeds) => {
    requireNoProblems(checkAugmentations(configs, inputs.shape[3]));
    return tf.tidy(() => {
      let batch = { inputs: inputs.clone() as tf.Tensor4D, targets: targets.clone() };
      for (const [index, config] of configs.entries()) {
        batch = definitionOf(config).apply(config, batch, deriveSeeds(seeds, `${index} ${config.op}`));
      }
      return batch;
    });
  };
}

function requireNoProblems(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The schema has checked that the options are those of the op, which the type of a looked-up definition can't say. */
function definitionOf(config: AugmentationConfig): AugmentationDefinition<string, Record<string, z.ZodType>> {
  return augmentationDefinitions[config.op] as unknown as AugmentationDefinition<string, Record<string, z.ZodType>>;
}
