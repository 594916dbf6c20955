import type { Template } from "./define-template";

export const forecast: Template = {
  description: "a table of measurements, and what comes next: a recurrent network",
  data: "Put a table with a header line and a row for each point in time, in order, into `series.csv`. Name its columns of numbers as `features` in `data.columns`, those to forecast as `target`, and the rest in `data.ignore`. The last layer has `horizon` times as many units as there are targets.",
  config: {
    seed: 7,
    data: {
      source: "csv",
      path: "series.csv",
      columns: { features: ["temperature", "load"], target: ["load"] },
      window: { length: 96, horizon: 24, relativeTo: "last" },
      split: { validation: 0.1, test: 0.2 },
      preprocess: [{ op: "standardize" }],
    },
    model: {
      layers: [
        { type: "gru", units: 64 },
        { type: "dense", units: 24 },
      ],
    },
    train: {
      epochs: 10,
      batchSize: 32,
      optimizer: { type: "adam", learningRate: 0.001 },
      loss: "meanAbsoluteError",
      earlyStopping: { patience: 3 },
    },
  },
};
