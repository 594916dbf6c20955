// Fifty steps of the models that people begin with, on classes that can be learned, from the same weights.
import { randomNumbers } from "./numbers.mjs";

const steps = 50;
const batchSize = 16;
const classes = 3;
const adam = { type: "adam", learningRate: 0.001 };
const scores = { type: "dense", name: "scores", units: "classes", activation: "softmax" };

const article = [
  { type: "conv2d", name: "first", filters: 32, kernelSize: 3, activation: "relu" },
  { type: "maxPooling2d", name: "half", poolSize: 2 },
  { type: "conv2d", name: "second", filters: 64, kernelSize: 3, activation: "relu" },
  { type: "maxPooling2d", name: "quarter", poolSize: 2 },
  { type: "flatten", name: "flat" },
  { type: "dense", name: "hidden", units: 64, activation: "relu" },
  scores,
];

const embedding = { type: "embedding", name: "words", inputDim: 50, outputDim: 16, maskZero: true };

const encoder = [
  embedding,
  { type: "positionalEncoding", name: "places" },
  { type: "encoderBlock", name: "block1", heads: 2, feedForward: 32 },
  { type: "encoderBlock", name: "block2", heads: 2, feedForward: 32 },
  { type: "layerNormalization", name: "norm" },
  { type: "globalAveragePooling1d", name: "mean" },
  scores,
];

const images = { inputShape: [28, 28, 1], dtype: "float32", makeBatch: makeImages };
const texts = { inputShape: [20], dtype: "int32", makeBatch: makeTexts };
const common = { steps, classes, optimizer: adam };

/** As `training-cases.mjs` takes them. On libtensorflow alone: in pure JavaScript they would take minutes. */
export const longTrainingCases = [
  { name: "the article's CNN at 28 x 28", layers: article, ...images, ...common },
  {
    name: "LSTM classifier with padding",
    layers: [embedding, { type: "lstm", name: "rnn", units: 32 }, scores],
    ...texts,
    ...common,
  },
  {
    name: "GRU classifier with padding",
    layers: [embedding, { type: "gru", name: "rnn", units: 32 }, scores],
    ...texts,
    ...common,
  },
  { name: "Transformer encoder with padding", layers: encoder, ...texts, ...common },
];

/** Noise from 0 to 1, brighter in a band whose place is the class. */
function makeImages(seed) {
  const random = randomNumbers(seed);
  const targets = random.integers([batchSize], classes);
  const inputs = random.uniform([batchSize, 28, 28, 1], 0, 0.7);
  for (let index = 0; index < inputs.data.length; index++) {
    const [example, row] = [Math.floor(index / 784), Math.floor((index % 784) / 28)];
    if (Math.floor(row / 10) === targets.data[example]) inputs.data[index] += 0.3;
  }
  return { inputs, targets };
}

/** Words of which some hint at the class, followed by padding. */
function makeTexts(seed) {
  const random = randomNumbers(seed);
  const targets = random.integers([batchSize], classes);
  const inputs = random.integers([batchSize, 20], 49);
  for (let example = 0; example < batchSize; example++) {
    const length = 8 + Math.floor(12 * random.next());
    for (let place = 0; place < 20; place++) {
      const at = example * 20 + place;
      const hint = 1 + targets.data[example] + 3 * Math.floor(4 * random.next());
      inputs.data[at] = place >= length ? 0 : place % 4 === 1 ? hint : 1 + inputs.data[at];
    }
  }
  return { inputs, targets };
}
