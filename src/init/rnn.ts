import type { Template } from "./define-template";

export const rnn: Template = {
  description: "texts in classes: a recurrent network on words",
  data: "Put a table with a header line into `texts.csv`, with the text in the column `text` and its class in the column `label`; name other columns in `data.ignore`. For series of numbers instead of texts, `data.columns` takes `features`, and `sequence` and `step` where a row is a step, and the first layer is not `embedding` but `lstm` or `gru`.",
  config: {
    seed: 7,
    data: {
      source: "csv",
      path: "texts.csv",
      columns: { text: "text", label: "label" },
      split: { validation: 0.1, test: 0.1 },
      preprocess: [
        { op: "tokenize", unit: "word", vocabulary: 10000 },
        { op: "truncate", length: 64 },
        { op: "pad", length: 64 },
      ],
    },
    model: {
      layers: [
        { type: "embedding", outputDim: 64, maskZero: true },
        { type: "lstm", units: 64, bidirectional: true },
        { type: "dropout", rate: 0.5 },
        { type: "dense", units: "classes", activation: "softmax" },
      ],
    },
    train: {
      epochs: 10,
      batchSize: 32,
      optimizer: { type: "adam", learningRate: 0.001 },
      metrics: ["accuracy"],
      earlyStopping: { patience: 3 },
    },
  },
};
