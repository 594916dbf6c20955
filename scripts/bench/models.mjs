// What is compared. Each model is declared three times, and each time as a user of that tool would: here for dlctl, in
// keras_models.py, and in torch_models.py. `steps` of an epoch and `epochs` are the same for all; the first epoch warms up.
const normalize = { op: "normalize", scale: 255 };
const images = { source: "idx", images: "images.idx", labels: "labels.idx", preprocess: [normalize] };
const output = { type: "dense", units: "classes", activation: "softmax" };

const conv = (filters, more = {}) => ({ type: "conv2d", filters, kernelSize: 3, activation: "relu", ...more });
const pool = { type: "maxPooling2d", poolSize: 2 };
const articleLayers = [
  ...[conv(32), pool, conv(64), pool],
  ...[{ type: "flatten" }, { type: "dense", units: 64, activation: "relu" }, output],
];

const texts = (tokens) => ({
  source: "csv",
  path: "texts.csv",
  columns: { text: "text", label: "label" },
  preprocess: [
    { op: "tokenize", vocabulary: 20000 },
    { op: "truncate", length: tokens },
    { op: "pad", length: tokens },
  ],
});

/** Two convolutions that are added to what comes in; where the width changes, to a projection of it. */
function residualBlock(name, filters, from, isWider) {
  const plain = { type: "conv2d", filters, padding: "same", useBias: false };
  const strides = isWider ? 2 : 1;
  const shortcut = isWider
    ? [
        { ...plain, name: `${name}-project`, kernelSize: 1, strides, inputs: [from] },
        { type: "batchNormalization", name: `${name}-short` },
      ]
    : [];
  return [
    ...shortcut,
    { ...plain, kernelSize: 3, strides, inputs: [from] },
    { type: "batchNormalization" },
    { type: "activation", activation: "relu" },
    { ...plain, kernelSize: 3 },
    { type: "batchNormalization", name: `${name}-long` },
    { type: "add", inputs: [isWider ? `${name}-short` : from, `${name}-long`] },
    { type: "activation", name, activation: "relu" },
  ];
}

const residualLayers = [
  { type: "conv2d", filters: 32, kernelSize: 3, padding: "same", useBias: false },
  { type: "batchNormalization" },
  { type: "activation", name: "stem", activation: "relu" },
  ...residualBlock("one", 32, "stem", false),
  ...residualBlock("two", 64, "one", true),
  ...residualBlock("three", 128, "two", true),
  { type: "globalAveragePooling2d" },
  output,
];

const recurrent = (type) => [{ type: "embedding", outputDim: 128 }, { type, units: 64 }, output];
const positions = { type: "positionalEncoding", kind: "learned" };
const repeat = (count, layer) => Array.from({ length: count }, () => layer);

export const models = {
  "cnn-28": {
    title: "CNN 28x28 (the article's)",
    data: { kind: "images", size: 28, channels: 1, classes: 10 },
    config: { data: images, model: { layers: articleLayers } },
    steps: 100,
  },
  "cnn-224": {
    title: "CNN 224x224 (the article's)",
    data: { kind: "images", size: 224, channels: 1, classes: 5 },
    config: { data: images, model: { layers: articleLayers } },
    steps: 8,
  },
  residual: {
    title: "residual CNN 32x32, batch norm, augmentation",
    data: { kind: "images", size: 32, channels: 3, classes: 10 },
    config: {
      data: { ...images, augment: [{ op: "flip" }, { op: "crop", padding: 4 }] },
      model: { layers: residualLayers },
    },
    steps: 16,
  },
  lstm: {
    title: "LSTM, 64 units, 100 steps, embedding 20000x128",
    data: { kind: "texts", tokens: 100, vocabulary: 20000 },
    config: { data: texts(100), model: { layers: recurrent("lstm") } },
    steps: 64,
  },
  gru: {
    title: "GRU, the same",
    data: { kind: "texts", tokens: 100, vocabulary: 20000 },
    config: { data: texts(100), model: { layers: recurrent("gru") } },
    steps: 64,
  },
  encoder: {
    title: "Transformer encoder, 2 blocks, width 64, 128 tokens",
    data: { kind: "texts", tokens: 128, vocabulary: 20000 },
    config: {
      data: texts(128),
      model: {
        layers: [
          ...[{ type: "embedding", outputDim: 64 }, positions],
          ...repeat(2, { type: "encoderBlock", heads: 4 }),
          ...[{ type: "layerNormalization", epsilon: 1e-5 }, { type: "globalAveragePooling1d" }, output],
        ],
      },
    },
    steps: 32,
  },
  decoder: {
    title: "Shakespeare decoder, 4 blocks, width 128, 64 characters",
    data: { kind: "characters", tokens: 64, vocabulary: 65 },
    config: {
      data: {
        source: "text",
        path: "text.txt",
        window: { length: 64, stride: 64 },
        preprocess: [{ op: "tokenize", unit: "character" }],
      },
      model: {
        layers: [
          ...[{ type: "embedding", outputDim: 128 }, positions],
          ...repeat(4, { type: "decoderBlock", heads: 4 }),
          ...[{ type: "layerNormalization", epsilon: 1e-5 }, output],
        ],
      },
    },
    steps: 16,
  },
};

export const batchSize = 32;
export const epochs = 4;

/** The config that dlctl trains by. */
export function configOf(name, { config }, epochs) {
  return {
    name,
    seed: 1,
    ...config,
    train: { epochs, batchSize, optimizer: { type: "adam", learningRate: 0.001 }, metrics: ["accuracy"] },
  };
}
