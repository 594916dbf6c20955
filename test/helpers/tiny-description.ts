import type { ModelDescription } from "../../src/checkpoint/model-description";

/** What a model folder says of a model that nobody looks at closely. */
export const tinyDescription: Omit<ModelDescription, "formatVersion" | "files"> = {
  name: "tiny",
  task: "classification",
  labels: ["a", "b"],
  targets: null,
  input: { kind: "vector", shape: [3], dtype: "float32" },
  output: { width: 2 },
  preprocessing: {},
  config: {},
  baseFolder: "/data",
  metrics: { epoch: 1, values: { loss: 0.5, auc: null } },
  parameters: 8,
  training: {
    device: "js",
    engine: "eager",
    seed: 1,
    epochs: 1,
    steps: 1,
    seconds: 1,
    finishedAt: "2026-01-01T00:00:00.000Z",
    examples: { train: 1, validation: 0, test: 0 },
  },
  versions: { dlctl: "1.2.3", libtensorflow: null },
};
