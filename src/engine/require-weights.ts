import { ConfigError } from "../shared/errors";
import type { TrainingProgram } from "./engine";

/** Throws ConfigError when the model has nothing to train. */
export function requireWeights({ model }: TrainingProgram): void {
  if (model.trainableWeights.length > 0) return;
  throw new ConfigError([{ path: "model.layers", message: "no layer has weights to train" }], {
    hint: "Add a layer with weights, such as dense, or set `trainable` of one to true.",
  });
}
