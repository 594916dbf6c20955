import type { AttentionCall, AttentionPart } from "../model/custom-layers/attention-part";
import { tf } from "../runtime/tf";

/** The shares of one attention layer for one example: `[heads, queries, keys]`, row-major. */
export interface WatchedAttention {
  readonly layer: string;
  readonly shape: readonly [heads: number, queries: number, keys: number];
  readonly values: Float32Array;
}

interface AttendingLayer extends tf.layers.Layer {
  readonly attention: AttentionPart;
}

/** A model's layers that attend to their own input, the first layer first. */
export function attendingLayers(model: tf.LayersModel): readonly tf.layers.Layer[] {
  return model.layers.filter(attends);
}

function attends(layer: tf.layers.Layer): layer is AttendingLayer {
  const { attention } = layer as Partial<AttendingLayer>;
  return typeof attention?.toItself === "function";
}

/** Runs `run`, a model on one example, and gives the shares of each layer that attended to its own input meanwhile. */
export function watchAttention(model: tf.LayersModel, run: () => void): readonly WatchedAttention[] {
  const watched: WatchedAttention[] = [];
  const layers = model.layers.filter(attends);
  for (const { name, attention } of layers) {
    const toItself = attention.toItself;
    attention.toItself = (x: tf.Tensor, call: AttentionCall) => {
      const shares = tf.tidy(() => attention.shares(x, x, call.mask).squeeze([0]));
      watched.push({
        layer: name,
        shape: shares.shape as unknown as [number, number, number],
        values: shares.dataSync() as Float32Array,
      });
      shares.dispose();
      return toItself.call(attention, x, call);
    };
  }
  try {
    run();
  } finally {
    for (const { attention } of layers) delete (attention as { toItself?: unknown }).toItself;
  }
  return watched;
}
