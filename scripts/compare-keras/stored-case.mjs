import { oneHot } from "./numbers.mjs";

/** What the Python side trains with: the batches, their targets as it wants them, and layers without a word for the number of classes. */
export function storedCase(file, { batches, layers, classes }) {
  return {
    batches: batches.map((batch) => ({
      inputs: file.tensor(batch.inputs),
      targets: file.tensor(oneHot(batch.targets, classes)),
    })),
    layers: layers.map((layer) => (layer.units === "classes" ? { ...layer, units: classes } : layer)),
  };
}
