import type { tf } from "../../runtime/tf";
import type { BaseLayer } from "../custom-layers/base-layer";
import { fusedKernels } from "./fused-kernels";

/** Lets one of dlctl's own layers compute by fused kernels where they can be run. */
export function equipFused(layer: tf.layers.Layer): void {
  (layer as BaseLayer).fused = fusedKernels;
}
