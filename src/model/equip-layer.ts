import type { tf } from "../runtime/tf";
import type { LayerDefinition } from "./layers/define-layer";
import { layerDefinitions } from "./layers/layer-definitions";
import { isBidirectional } from "./recurrent/recurrent-layer";

const definitions = new Map(
  Object.values<LayerDefinition>(layerDefinitions).map((definition) => [definition.type.toLowerCase(), definition]),
);

/** The definition that stands for a tfjs layer, built here or loaded; undefined for one that dlctl has no kind for. */
export function definitionOf(layer: tf.layers.Layer): LayerDefinition | undefined {
  // What both directions of a bidirectional layer are; and dlctl's own classes are called after the kind.
  const wrapped = isBidirectional(layer) ? layer.forwardLayer : layer;
  return definitions.get(
    wrapped
      .getClassName()
      .replace(/^Dlctl/, "")
      .toLowerCase(),
  );
}

/**
 * Supplies what tfjs's layer lacks for training. `seed` decides what it draws at random, together with the step; `isMasked` says
 * whether a mask of padding comes with its first input.
 */
export function equipLayer(layer: tf.layers.Layer, seed: number, isMasked: boolean): void {
  definitionOf(layer)?.equip?.(layer, seed, isMasked);
}
