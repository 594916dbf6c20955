import type { tf } from "../../runtime/tf";
import type { CustomLayers } from "../custom-layers/register-layers";
import { CachedAttention } from "./cached-attention";
import { type LayerStep, stateless } from "./layer-step";
import { type RecurrentLayer, recurrentStep } from "./recurrent-step";

type InstanceOf<Name extends keyof CustomLayers> = InstanceType<CustomLayers[Name]>;

/** They do the same to each step, whatever the others are. */
const stepwise = new Set([
  ...["Embedding", "Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Rescaling"],
  ...["Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout"],
  ...["DlctlRmsNormalization", "Add", "Multiply", "Average", "Maximum", "Minimum"],
]);

/** They do so when they work on the last axis. */
const stepwiseOnLastAxis = new Set(["LayerNormalization", "BatchNormalization", "Concatenate"]);

const recurrent = new Set(["SimpleRNN", "LSTM", "GRU", "DlctlGRU"]);

/** How `layer` is computed for new steps alone; a sentence that says why it can't be. */
export function layerStep(layer: tf.layers.Layer): LayerStep | string {
  const name = layer.getClassName();
  const inputs = layer.inboundNodes[0]?.inboundLayers.length ?? 1;
  if (stepwise.has(name) || (stepwiseOnLastAxis.has(name) && isOnLastAxis(layer))) {
    return stateless((given) => layer.call(given.length > 1 ? [...given] : (given[0] as tf.Tensor), {}) as tf.Tensor);
  }
  if (recurrent.has(name)) return carryState(layer as RecurrentLayer);
  if (name === "DlctlPositionalEncoding") {
    const encoding = layer as InstanceOf<"DlctlPositionalEncoding">;
    return stateless(([x], offset) => encoding.encode(x as tf.Tensor, offset));
  }
  if (inputs > 1) return `${layer.name} attends to a second input`;
  if (name === "DlctlDecoderBlock") {
    const block = layer as InstanceOf<"DlctlDecoderBlock">;
    const cache = new CachedAttention(block.attention);
    return {
      advance: ([x], offset) => block.run(x as tf.Tensor, false, (y) => cache.advance(y, offset)),
      reset: () => cache.reset(),
    };
  }
  if (
    name === "DlctlMultiHeadAttention" &&
    (layer as InstanceOf<"DlctlMultiHeadAttention">).attention.config.isCausal
  ) {
    const cache = new CachedAttention((layer as InstanceOf<"DlctlMultiHeadAttention">).attention);
    return { advance: ([x], offset) => cache.advance(x as tf.Tensor, offset), reset: () => cache.reset() };
  }
  return `${layer.name} needs all steps at once`;
}

function carryState(layer: RecurrentLayer): LayerStep | string {
  if (layer.goBackwards) return `${layer.name} goes backwards`;
  return layer.returnSequences ? recurrentStep(layer) : `${layer.name} gives its last step only`;
}

function isOnLastAxis(layer: tf.layers.Layer): boolean {
  const [axis, ...more] = [(layer as tf.layers.Layer & { axis: number | number[] }).axis].flat();
  return more.length === 0 && (axis === -1 || axis === (layer.outputShape as tf.Shape).length - 1);
}
