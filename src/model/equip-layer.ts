import type { tf } from "../runtime/tf";
import type { LayerDefinition } from "./layers/define-layer";
import { layerDefinitions } from "./layers/layer-definitions";

const definitions = new Map(
  Object.values<LayerDefinition>(layerDefinitions).map((definition) => [definition.type.toLowerCase(), definition]),
);

/** The definition that stands for a tfjs layer, built here or loaded; undefined for one that dlctl has no kind for. */
export function definitionOf(layer: tf.layers.Layer): LayerDefinition | undefined {
  return definitions.get(layer.getClassName().toLowerCase());
}

/** Supplies what tfjs's layer lacks for training. `seed` decides what it draws at random, together with the step. */
export function equipLayer(layer: tf.layers.Layer, seed: number): void {
  definitionOf(layer)?.equip?.(layer, seed);
}
