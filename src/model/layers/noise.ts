import { statelessNormal, statelessUniform } from "../../runtime/stateless-random";
import { tf } from "../../runtime/tf";
import { stepSeeds } from "../random-step";
import { tensorOf } from "./tensor-of";

/** Replaces the layer's call by `disturb` in training and by the identity otherwise. */
export function equipNoise(layer: tf.layers.Layer, disturb: (x: tf.Tensor) => tf.Tensor): void {
  layer.call = (inputs, kwargs) => {
    const x = tensorOf(inputs);
    return kwargs.training ? tf.tidy(() => disturb(x)) : x;
  };
}

/** 1 with probability 1 - `rate`, else 0, of `shape`; the same for the same layer's seed and training step. */
export function drawMask(shape: readonly number[], rate: number, seed: number): tf.Tensor {
  return tf.tidy(() => tf.cast(tf.greaterEqual(statelessUniform(shape, stepSeeds(seed)), rate), "float32"));
}

/** Normal numbers with mean 0 and standard deviation `stddev`, of `shape`; the same for the same seed and step. */
export function drawNoise(shape: readonly number[], stddev: number, seed: number): tf.Tensor {
  return tf.tidy(() => tf.mul(statelessNormal(shape, stepSeeds(seed)), stddev));
}
