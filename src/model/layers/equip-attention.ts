import type { tf } from "../../runtime/tf";
import { equipFused } from "../fused/equip-fused";
import { equipDropFactors } from "./equip-drop-factors";

/** What layers with attention in them are supplied with. */
export function equipAttention(layer: tf.layers.Layer, seed: number): void {
  equipDropFactors(layer, seed);
  equipFused(layer);
}
