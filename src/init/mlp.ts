import type { Template } from "./define-template";

export const mlp: Template = {
  description: "a table of numbers with a class in each row: a dense network",
  data: "Put a table with a header line into `table.csv`, and name its columns in `data.columns`: those of numbers as `features` and the one of the class as `label`; list the rest in `data.ignore`. To predict numbers instead of a class, name their columns as `target`, take `units` as many in the last layer, without `activation`, and `meanAbsoluteError` as the metric.",
  config: {
    seed: 7,
    data: {
      source: "csv",
      path: "table.csv",
      columns: { features: ["length", "width", "weight"], label: "kind" },
      split: { validation: 0.2 },
      preprocess: [{ op: "standardize" }],
    },
    model: {
      layers: [
        { type: "dense", units: 32, activation: "relu" },
        { type: "dense", units: 32, activation: "relu" },
        { type: "dense", units: "classes", activation: "softmax" },
      ],
    },
    train: {
      epochs: 50,
      batchSize: 32,
      optimizer: { type: "adam", learningRate: 0.001 },
      metrics: ["accuracy"],
    },
  },
};
