import { tf } from "../../runtime/tf";

/**
 * Gives a merging layer a mask that leaves the steps that all its inputs' masks leave, as in Keras. TensorFlow.js's has another rank
 * and forgets the last input.
 */
export function joinMasks(layer: tf.layers.Layer): void {
  layer.computeMask = (_inputs, mask) => {
    const masks = [mask].flat().filter((each) => each != null);
    // No mask is null to tfjs; its type says otherwise.
    return (masks.length === 0 ? null : tf.tidy(() => masks.reduce((a, b) => tf.logicalAnd(a, b)))) as tf.Tensor;
  };
}
