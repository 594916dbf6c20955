import { tf } from "../../runtime/tf";
import { deriveSeed } from "../../shared/derive-seed";
import type { BaseLayer } from "../custom-layers/base-layer";
import { drawMask } from "./noise";

/** Lets one of dlctl's own layers draw its dropout from the layer's seed, the place in it and the training step. */
export function equipDropFactors(layer: tf.layers.Layer, seed: number): void {
  (layer as BaseLayer).dropFactors = (shape, rate, place) =>
    tf.tidy(() => tf.div(drawMask(shape, rate, deriveSeed(seed, place)), 1 - rate));
}
