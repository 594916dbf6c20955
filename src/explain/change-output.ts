import type { tf } from "../runtime/tf";

/**
 * Runs `run` while `layer` gives `change(output)` in place of what it computes. That reaches into the middle of any model, branches
 * too, and leaves masks as they are.
 */
export function withChangedOutput<T>(
  layer: tf.layers.Layer,
  change: (output: tf.Tensor) => tf.Tensor,
  run: () => T,
): T {
  const isOwn = Object.hasOwn(layer, "call");
  const call = layer.call;
  layer.call = (inputs, args) => {
    const output = call.call(layer, inputs, args);
    return change(Array.isArray(output) ? (output[0] as tf.Tensor) : output);
  };
  try {
    return run();
  } finally {
    if (isOwn) layer.call = call;
    else delete (layer as { call?: unknown }).call;
  }
}
