import { type KindConfig, kindSchema } from "../shared/kind-schema";
import type { BoundOptimizer, OptimizerDefinition } from "./optimizers/define-optimizer";
import { optimizerDefinitions } from "./optimizers/optimizer-definitions";

/** `"adam"` or `{ "type": "adam", "learningRate": 0.002 }`. */
export const optimizerSchema = kindSchema(optimizerDefinitions);

export type OptimizerConfig = KindConfig<typeof optimizerDefinitions>;

/** The optimizer with its options applied, and the rate that a schedule begins from. */
export function bindOptimizer(config: OptimizerConfig): BoundOptimizer & { readonly learningRate: number } {
  const definition: OptimizerDefinition = optimizerDefinitions[config.type];
  return {
    learningRate: config.learningRate,
    slots: definition.slots(config),
    scalars: (at) => definition.scalars(config, at),
    update: (variable, slots, scalars) => definition.update(config, variable, slots, scalars),
    native: definition.native?.(config),
    adam: definition.adam?.(config),
  };
}
