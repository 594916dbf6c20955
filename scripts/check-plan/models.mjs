// Ten models that the calibration knows nothing of, with data made up for them: what a plan says of them is compared
// with what a training of them takes. Labels are drawn, so that nothing can be learned; cost does not hang on it.

const optimizer = { type: "adam", learningRate: 1e-4 };
const split = {};
const dense = (units, activation = "relu") => ({ type: "dense", units, activation });
const conv = (filters, kernelSize, more = {}) => ({
  type: "conv2d",
  filters,
  kernelSize,
  padding: "same",
  activation: "relu",
  ...more,
});
const normalized = (filters) => [
  conv(filters, 3, { activation: "linear", useBias: false }),
  { type: "batchNormalization" },
  { type: "reLU" },
];
const pool = { type: "maxPooling2d" };
const classes = dense("classes", "softmax");
const train = (batchSize, more = {}) => ({ epochs: 3, batchSize, optimizer, tensorBoard: false, ...more });

const table = (features) => ({
  source: "csv",
  path: "table.csv",
  columns: { features: [`c0..c${features - 1}`], label: "label" },
  split,
});
const images = (side) => ({
  source: "idx",
  images: "images.idx",
  labels: "labels.idx",
  labelNames: ["a", "b", "c", "d"],
  split,
  preprocess: [{ op: "resize", width: side, height: side }, { op: "grayscale" }, { op: "normalize", scale: 255 }],
});
const words = (length, vocabulary) => ({
  source: "csv",
  path: "texts.csv",
  columns: { text: "text", label: "label" },
  split,
  preprocess: [
    { op: "tokenize", unit: "word", vocabulary },
    { op: "truncate", length },
    { op: "pad", length },
  ],
});
const steps = (channels) => ({
  source: "csv",
  path: "steps.csv",
  columns: {
    sequence: "sequence",
    step: "step",
    features: [`c0..c${channels - 1}`],
    label: "label",
  },
  split,
});

/** `data` says what to make: see data.mjs. */
export const models = [
  {
    name: "table, 3 dense layers",
    make: { kind: "table", rows: 6400, features: 40 },
    config: {
      data: table(40),
      model: { layers: [dense(384), dense(384), dense(192), classes] },
      train: train(64),
    },
  },
  {
    name: "table, wide dense layers",
    make: { kind: "table", rows: 2560, features: 100 },
    config: {
      data: table(100),
      model: { layers: [dense(2048), { type: "dropout", rate: 0.5 }, dense(2048), classes] },
      train: train(128),
    },
  },
  {
    name: "small CNN, 32x32",
    make: { kind: "images", count: 3200, side: 32 },
    config: {
      data: images(32),
      model: {
        layers: [conv(24, 5), pool, conv(48, 3), pool, { type: "flatten" }, dense(100), classes],
      },
      train: train(32),
    },
  },
  {
    name: "CNN with batch normalization, 96x96",
    make: { kind: "images", count: 480, side: 96 },
    config: {
      data: images(96),
      model: {
        layers: [
          ...normalized(32),
          pool,
          ...normalized(64),
          pool,
          ...normalized(96),
          { type: "globalAveragePooling2d" },
          classes,
        ],
      },
      train: train(24),
    },
  },
  {
    name: "residual CNN, 64x64",
    make: { kind: "images", count: 640, side: 64 },
    config: {
      data: images(64),
      model: {
        layers: [
          conv(32, 3, { name: "stem" }),
          conv(32, 3, { name: "one", inputs: ["stem"] }),
          conv(32, 3, { name: "two", activation: "linear" }),
          { type: "add", name: "sum", inputs: ["stem", "two"] },
          { type: "reLU" },
          { type: "averagePooling2d" },
          conv(64, 3),
          conv(64, 3),
          { type: "globalAveragePooling2d" },
          classes,
        ],
      },
      train: train(32, { optimizer: { type: "sgd", learningRate: 0.01, momentum: 0.9 } }),
    },
  },
  {
    name: "separable CNN, 80x80",
    make: { kind: "images", count: 480, side: 80 },
    config: {
      data: images(80),
      model: {
        layers: [
          conv(24, 3, { strides: 2 }),
          ...[48, 96, 96].flatMap((filters) => [
            {
              type: "separableConv2d",
              filters,
              kernelSize: 3,
              padding: "same",
              activation: "relu",
            },
            { type: "batchNormalization" },
          ]),
          { type: "globalAveragePooling2d" },
          classes,
        ],
      },
      train: train(24),
    },
  },
  {
    name: "text, LSTM of 96",
    make: { kind: "texts", count: 960, words: 90, vocabulary: 3000 },
    config: {
      data: words(90, 3000),
      model: {
        layers: [
          { type: "embedding", outputDim: 96 },
          { type: "lstm", units: 96 },
          { type: "dropout", rate: 0.3 },
          classes,
        ],
      },
      train: train(32),
    },
  },
  {
    name: "series, GRU of 64",
    make: { kind: "steps", count: 960, length: 60, channels: 9 },
    config: {
      data: steps(9),
      model: {
        layers: [{ type: "gru", units: 64, returnSequences: true }, { type: "gru", units: 32 }, classes],
      },
      train: train(48),
    },
  },
  {
    name: "series, convolutions",
    make: { kind: "steps", count: 1280, length: 120, channels: 6 },
    config: {
      data: steps(6),
      model: {
        layers: [
          { type: "conv1d", filters: 64, kernelSize: 7, padding: "same", activation: "relu" },
          { type: "maxPooling1d" },
          { type: "conv1d", filters: 128, kernelSize: 5, padding: "same", activation: "relu" },
          { type: "globalAveragePooling1d" },
          classes,
        ],
      },
      train: train(64),
    },
  },
  {
    name: "text, Transformer of 3 blocks",
    make: { kind: "texts", count: 480, words: 96, vocabulary: 4000 },
    config: {
      data: words(96, 4000),
      model: {
        layers: [
          { type: "embedding", outputDim: 96 },
          { type: "positionalEncoding" },
          ...Array.from({ length: 3 }, () => ({ type: "encoderBlock", heads: 6, feedForward: 256, dropout: 0.1 })),
          { type: "globalAveragePooling1d" },
          classes,
        ],
      },
      train: train(24),
    },
  },
];
