import type { HostBatch } from "../data/batches/host-batch";
import { setRandomStep } from "../model/random-step";
import { tf } from "../runtime/tf";
import { createEagerOptimizer } from "./eager-optimizer";
import type { Engine, StepStatistics, TrainingProgram } from "./engine";
import { requireWeights } from "./require-weights";
import { splitStatistics } from "./step-tensors";
import { type DeviceBatch, differentiateStep, evaluateStep, unweighted } from "./training-step";
import { uploadTensor } from "./upload-tensor";

/**
 * An engine that runs TensorFlow's operations one by one as they come. Weights are the model's own all the time, so
 * that `syncModel` and `adoptModelWeights` have nothing to do. Throws ConfigError when the model has nothing to train.
 */
export function createEagerEngine(program: TrainingProgram): Engine {
  const { model } = program;
  const weights = model.trainableWeights;
  requireWeights(program);
  const variables = weights.map((weight) => weight.read() as tf.Variable);
  const optimizer = createEagerOptimizer(program.optimizer, weights);
  return {
    kind: "eager",
    trainStep: (batch, position) => {
      setRandomStep(position.step);
      return fetchStatistics(program, batch.count, () => {
        const { gradients, statistics } = differentiateStep(program, uploadBatch(batch), variables);
        optimizer.update(gradients, { learningRate: position.learningRate, step: position.step + 1 });
        return statistics;
      });
    },
    evaluateStep: (batch) =>
      fetchStatistics(unweighted(program), batch.count, () => evaluateStep(program, uploadBatch(batch))),
    syncModel: () => undefined,
    adoptModelWeights: () => undefined,
    readSlots: optimizer.readSlots,
    restoreSlots: optimizer.restoreSlots,
    dispose: optimizer.dispose,
  };
}

/** Runs `compute` and brings the one vector it returns to the host; nothing else is left of it. */
function fetchStatistics(program: TrainingProgram, count: number, compute: () => tf.Tensor1D): StepStatistics {
  const statistics = tf.tidy(compute);
  try {
    return splitStatistics(program, count, statistics.dataSync());
  } finally {
    statistics.dispose();
  }
}

function uploadBatch({ inputs, targets }: HostBatch): DeviceBatch {
  return { inputs: uploadTensor(inputs), targets: uploadTensor(targets) };
}
