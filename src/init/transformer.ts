import type { Template } from "./define-template";

export const transformer: Template = {
  description: "a text to go on with: a Transformer language model on characters",
  data: 'Put a text of a hundred thousand characters or more (UTF-8) into `text.txt`. What the model makes of it: `dlctl predict <model> --prompt "..."`.',
  config: {
    seed: 7,
    data: {
      source: "text",
      path: "text.txt",
      window: { length: 64 },
      split: { validation: 0.1 },
      preprocess: [{ op: "tokenize", unit: "character" }],
    },
    model: {
      layers: [
        { type: "embedding", outputDim: 128 },
        { type: "positionalEncoding", kind: "learned" },
        { type: "decoderBlock", heads: 4, feedForward: 512, dropout: 0.1 },
        { type: "decoderBlock", heads: 4, feedForward: 512, dropout: 0.1 },
        { type: "layerNormalization" },
        { type: "dense", units: "classes", activation: "softmax" },
      ],
    },
    train: {
      epochs: 10,
      batchSize: 16,
      optimizer: { type: "adamw", learningRate: 0.001 },
      metrics: ["perplexity", "bitsPerCharacter"],
      gradientClipping: { globalNorm: 1 },
    },
  },
};
