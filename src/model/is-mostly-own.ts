import type { LayerConfig } from "./layer-config";

type LayerType = LayerConfig["type"];

/** Layers whose products are dlctl's own operations, and those in which TensorFlow's take longest. Others take little time. */
const own: ReadonlySet<LayerType> = new Set([
  "conv2d",
  "lstm",
  "gru",
  "multiHeadAttention",
  "encoderBlock",
  "decoderBlock",
]);
const tensorFlows: ReadonlySet<LayerType> = new Set([
  "conv1d",
  "conv2dTranspose",
  "conv3d",
  "conv3dTranspose",
  "depthwiseConv2d",
  "separableConv2d",
  "simpleRNN",
]);

/** Whether a model of these layers runs mostly dlctl's own operations, where they are there. */
export function isMostlyOwn(types: readonly LayerType[]): boolean {
  return types.some((type) => own.has(type)) && !types.some((type) => tensorFlows.has(type));
}
