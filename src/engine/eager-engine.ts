import type { HostBatch } from "../data/batches/host-batch";
import { setRandomStep } from "../model/random-step";
import { clipGradients } from "../optimization/gradient-clipping";
import { tf } from "../runtime/tf";
import { deriveSeed } from "../shared/derive-seed";
import { ConfigError } from "../shared/errors";
import { createEagerOptimizer } from "./eager-optimizer";
import { decodeTargets, encodeTargets } from "./encode-targets";
import type { Engine, StepPosition, StepStatistics, TrainingProgram } from "./engine";
import { applyModel, joinStatistics, lossSums, penaltyOf, splitStatistics } from "./step-tensors";
import { uploadTensor } from "./upload-tensor";

/**
 * An engine that runs TensorFlow's operations one by one as they come. Weights are the model's own all the time, so
 * that `syncModel` and `adoptModelWeights` have nothing to do. Throws ConfigError when the model has nothing to train.
 */
export function createEagerEngine(program: TrainingProgram): Engine {
  const { model } = program;
  const weights = model.trainableWeights;
  if (weights.length === 0) {
    throw new ConfigError([{ path: "model.layers", message: "no layer has weights to train" }], {
      hint: "Add a layer with weights, such as dense, or set `trainable` of one to true.",
    });
  }
  const variables = weights.map((weight) => weight.read() as tf.Variable);
  const optimizer = createEagerOptimizer(program.optimizer, weights);
  return {
    kind: "eager",
    trainStep: (batch, position) => {
      setRandomStep(position.step);
      return fetchStatistics(program, batch.count, () => {
        const prepared = trainingBatch(program, batch, position);
        const { gradients, statistics } = differentiate(program, prepared, batch.count, variables);
        const clipped = clipGradients(program.clipping, gradients);
        optimizer.update(clipped, { learningRate: position.learningRate, step: position.step + 1 });
        return statistics;
      });
    },
    evaluateStep: (batch) =>
      fetchStatistics(program, batch.count, () => {
        const inputs = program.deviceStage(uploadTensor(batch.inputs));
        const metricTargets = uploadTensor(batch.targets);
        const outputs = applyModel(model, inputs, false);
        const sums = lossSums(program, encodeTargets(program, metricTargets), outputs);
        return joinStatistics(program, { ...sums, penalty: penaltyOf(model), metricTargets, outputs });
      }),
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

interface TrainingBatch {
  readonly inputs: tf.Tensor;
  readonly encoded: tf.Tensor;
  readonly metricTargets: tf.Tensor;
}

function trainingBatch(program: TrainingProgram, batch: HostBatch, { step }: StepPosition): TrainingBatch {
  const inputs = uploadTensor(batch.inputs);
  const metricTargets = uploadTensor(batch.targets);
  const encoded = encodeTargets(program, metricTargets);
  if (!program.augmentation) return { inputs: program.deviceStage(inputs), encoded, metricTargets };
  const seeds = [deriveSeed(program.seed, "augmentation"), step] as const;
  const changed = program.augmentation({ inputs, targets: encoded }, seeds);
  return {
    inputs: program.deviceStage(changed.inputs),
    encoded: changed.targets,
    metricTargets: decodeTargets(program, changed.targets),
  };
}

/**
 * Forward and backward pass. What is minimized is the sum of the weighted losses over the number of examples, as in
 * Keras (not over the sum of the weights), plus the penalty. `statistics` is kept: the caller disposes it.
 */
function differentiate(
  program: TrainingProgram,
  { inputs, encoded, metricTargets }: TrainingBatch,
  count: number,
  variables: tf.Variable[],
): { readonly gradients: tf.Tensor[]; readonly statistics: tf.Tensor1D } {
  let statistics: tf.Tensor1D | undefined;
  const { grads } = tf.variableGrads(() => {
    const outputs = applyModel(program.model, inputs, true);
    const sums = lossSums(program, encoded, outputs);
    const penalty = penaltyOf(program.model);
    // variableGrads tidies away what the forward pass makes, but for what is kept.
    statistics = tf.keep(joinStatistics(program, { ...sums, penalty, metricTargets, outputs }));
    const mean = sums.loss.div(count) as tf.Scalar;
    return penalty ? mean.add(penalty) : mean;
  }, variables);
  // A weight that the loss does not reach has no gradient.
  const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  return { gradients, statistics: statistics as tf.Tensor1D };
}
