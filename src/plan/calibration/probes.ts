import type { LayerInput } from "../../model/layer-config";

/** A small model whose steps are timed: each is mostly one kind of work. None of them is a model that anyone trains. */
export interface Probe {
  readonly name: string;
  readonly input: readonly number[];
  /** Token ids below this; numbers without. */
  readonly tokens?: number;
  readonly batch: number;
  readonly layers: readonly LayerInput[];
}

const dense = (units: number, activation: "linear" | "relu" | "tanh" = "linear"): LayerInput => ({
  type: "dense",
  units,
  activation,
});
const conv = (filters: number, kernelSize: number, padding: "same" | "valid" = "same"): LayerInput => ({
  type: "conv2d",
  filters,
  kernelSize,
  padding,
});
const mean: LayerInput = { type: "globalAveragePooling2d" };
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

export const probes: readonly Probe[] = [
  { name: "one small layer", input: [8], batch: 4, layers: [dense(8)] },
  { name: "many small layers", input: [8], batch: 4, layers: times(14, dense(8, "tanh")) },
  { name: "products", input: [512], batch: 256, layers: [...times(3, dense(768, "relu")), dense(8)] },
  { name: "products of few rows", input: [384], batch: 24, layers: [...times(4, dense(384)), dense(8)] },
  { name: "products of some rows", input: [192], batch: 48, layers: [...times(2, dense(320, "relu")), dense(8)] },
  { name: "many weights", input: [64], batch: 2, layers: [dense(6144), dense(512), dense(8)] },
  { name: "convolutions", input: [28, 28, 32], batch: 24, layers: [conv(32, 3), conv(64, 3), mean, dense(8)] },
  { name: "convolutions of colours", input: [64, 64, 3], batch: 16, layers: [conv(24, 3), mean, dense(8)] },
  { name: "convolutions of one channel", input: [56, 56, 1], batch: 16, layers: [conv(32, 3), mean, dense(8)] },
  {
    name: "convolutions of series",
    input: [96, 8],
    batch: 32,
    layers: [
      { type: "conv1d", filters: 48, kernelSize: 5, padding: "same", activation: "relu" },
      { type: "conv1d", filters: 64, kernelSize: 3, padding: "same", activation: "relu" },
      { type: "globalAveragePooling1d" },
      dense(8),
    ],
  },
  { name: "wide convolutions", input: [12, 12, 96], batch: 24, layers: [conv(160, 1), conv(96, 3), mean, dense(8)] },
  {
    name: "depthwise convolutions",
    input: [24, 24, 32],
    batch: 16,
    layers: [...times(2, { type: "depthwiseConv2d", kernelSize: 3, padding: "same" } as const), mean, dense(8)],
  },
  {
    name: "pooling",
    input: [48, 48, 8],
    batch: 24,
    layers: [conv(16, 1), { type: "maxPooling2d" }, conv(32, 1), { type: "averagePooling2d" }, mean, dense(8)],
  },
  {
    name: "numbers in memory",
    input: [32],
    batch: 384,
    layers: [
      dense(4096),
      ...(["sigmoid", "relu", "tanh"] as const).map((name): LayerInput => ({ type: "activation", activation: name })),
      { type: "layerNormalization" },
      { type: "dropout", rate: 0.2 },
      dense(8),
    ],
  },
  {
    name: "numbers in a cache",
    input: [32],
    batch: 64,
    layers: [
      dense(1024),
      ...(["sigmoid", "relu", "tanh"] as const).map((name): LayerInput => ({ type: "activation", activation: name })),
      { type: "layerNormalization" },
      { type: "dropout", rate: 0.2 },
      dense(8),
    ],
  },
  {
    name: "batch normalization",
    input: [40, 40, 3],
    batch: 24,
    layers: [
      conv(32, 3),
      { type: "batchNormalization" },
      { type: "reLU" },
      { type: "batchNormalization" },
      mean,
      dense(8),
    ],
  },
  {
    name: "recurrent layers",
    input: [32, 24],
    batch: 24,
    layers: [{ type: "lstm", units: 48, returnSequences: true }, { type: "gru", units: 48 }, dense(8)],
  },
  {
    name: "wide recurrent layers",
    input: [20, 64],
    batch: 32,
    layers: [{ type: "lstm", units: 128, returnSequences: true }, { type: "gru", units: 112 }, dense(8)],
  },
  {
    name: "attention",
    input: [48, 48],
    batch: 16,
    layers: [
      { type: "encoderBlock", heads: 4 },
      { type: "encoderBlock", heads: 4 },
      { type: "globalAveragePooling1d" },
      dense(8),
    ],
  },
  {
    name: "long attention",
    input: [192, 32],
    batch: 8,
    layers: [{ type: "multiHeadAttention", heads: 2 }, { type: "globalAveragePooling1d" }, dense(8)],
  },
  {
    name: "embeddings",
    input: [48],
    tokens: 6000,
    batch: 24,
    layers: [{ type: "embedding", inputDim: 6000, outputDim: 64 }, { type: "globalAveragePooling1d" }, dense(8)],
  },
];
