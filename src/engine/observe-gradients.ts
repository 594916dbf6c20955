import { readModelWeights, writeModelWeights } from "../checkpoint/model-weights";
import type { HostBatch } from "../data/batches/host-batch";
import { setRandomStep } from "../model/random-step";
import { tf } from "../runtime/tf";
import type { TrainingProgram } from "./engine";
import { differentiateStep } from "./training-step";
import { uploadTensor } from "./upload-tensor";
import { weightNames } from "./weight-names";

/**
 * The gradient of each trainable weight by name, as the optimizer would get it (clipped) for `batch` after `step` updates.
 * Computed op by op with the weights that the program's model has, which are as before afterwards, statistics of batch
 * normalization included.
 */
export function observeGradients(program: TrainingProgram, batch: HostBatch, step: number): Map<string, Float32Array> {
  const weights = program.model.trainableWeights;
  const variables = weights.map((weight) => weight.read() as tf.Variable);
  const before = readModelWeights(program.model);
  setRandomStep(step);
  const gradients = tf.tidy(() => {
    const uploaded = { inputs: uploadTensor(batch.inputs), targets: uploadTensor(batch.targets) };
    return differentiateStep(program, uploaded, variables).gradients.map((gradient) =>
      Float32Array.from(gradient.dataSync()),
    );
  });
  writeModelWeights(program.model, before);
  return new Map(weightNames(weights).map((name, index) => [name, gradients[index] as Float32Array]));
}
