import { type KindConfig, kindSchema } from "../shared/kind-schema";
import type { InitializerDefinition, TfInitializer } from "./initializers/define-initializer";
import { initializerDefinitions } from "./initializers/initializer-definitions";

export type { TfInitializer };

/** `"heNormal"` or `{ "type": "truncatedNormal", "stddev": 0.02 }`. */
export const initializerSchema = kindSchema(initializerDefinitions);

export type InitializerConfig = KindConfig<typeof initializerDefinitions>;

/** More elements than a tensor can hold here. */
const mostElements = 2 ** 31;

/**
 * An initializer whose weights depend on `config`, `seed` and their shape alone, with the same bits on every device. In model.json it
 * is written as TensorFlow.js's own of that name. Its `apply` throws RangeError for a shape that it can't fill.
 */
export function createInitializer(config: InitializerConfig, seed: number): TfInitializer {
  const definition: InitializerDefinition = initializerDefinitions[config.type];
  const initializer = definition.standard(config);
  initializer.apply = (shape) => {
    const sizes = shape.map((size) => size ?? 1);
    if (sizes.reduce((product, size) => product * size, 1) >= mostElements) {
      throw new RangeError(`weights of [${sizes.join(", ")}] are more than fit into a tensor`);
    }
    return definition.draw(sizes, config, [seed, 0]);
  };
  return initializer;
}
