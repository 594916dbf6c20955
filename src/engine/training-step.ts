import { stepSeeds } from "../model/random-step";
import { clipGradients } from "../optimization/gradient-clipping";
import { tf } from "../runtime/tf";
import { deriveSeed } from "../shared/derive-seed";
import { applyModel } from "./apply-model";
import { decodeTargets, encodeTargets } from "./encode-targets";
import type { TrainingProgram } from "./engine";
import { joinStatistics, lossSums, penaltyOf } from "./step-tensors";

/** A batch on the device, as HostBatch has it: bytes are float32 by now, in 0..255. */
export interface DeviceBatch {
  readonly inputs: tf.Tensor;
  readonly targets: tf.Tensor;
}

export interface StepGradients {
  /** Of `variables`, in their order, clipped. */
  readonly gradients: readonly tf.Tensor[];
  /** As `joinStatistics` makes it. */
  readonly statistics: tf.Tensor1D;
  /** Whether all gradients were finite, a boolean scalar; only with a scale. */
  readonly isFinite: tf.Scalar | undefined;
}

/**
 * Forward and backward pass of the step that `setRandomStep` names. What is minimized is the sum of the weighted losses
 * over the number of examples, as in Keras (not over the sum of the weights), plus the penalty; on the way backward, times
 * `lossScale`. Synchronous and made of
 * tensor operations alone, so that it can be run or recorded; for use inside tf.tidy. Statistics of batch
 * normalization move by it.
 */
export function differentiateStep(
  program: TrainingProgram,
  batch: DeviceBatch,
  variables: readonly tf.Variable[],
  lossScale?: tf.Scalar,
): StepGradients {
  const { inputs, encoded, metricTargets } = prepare(program, batch);
  const count = inputs.shape[0] as number;
  let statistics: tf.Tensor1D | undefined;
  const { grads } = tf.variableGrads(() => {
    const outputs = applyModel(program.model, inputs, true);
    const sums = lossSums(program, encoded, outputs);
    const penalty = penaltyOf(program.model);
    // variableGrads tidies away what the forward pass makes, but for what is kept.
    statistics = tf.keep(joinStatistics(program, { ...sums, penalty, metricTargets, outputs }));
    const mean = sums.loss.div(count) as tf.Scalar;
    const total: tf.Scalar = penalty ? mean.add(penalty) : mean;
    return lossScale ? total.mul(lossScale) : total;
  }, [...variables]);
  // A clone, unlike the kept original, is tidied with everything else of the step.
  const kept = statistics as unknown as tf.Tensor1D;
  const owned = kept.clone();
  kept.dispose();
  // A weight that the loss does not reach has no gradient.
  const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  if (!lossScale)
    return { gradients: clipGradients(program.clipping, gradients), statistics: owned, isFinite: undefined };
  const unscaled = gradients.map((gradient) => gradient.div(lossScale));
  const allFinite = unscaled.map((gradient) => gradient.isFinite().all()).reduce((all, one) => all.logicalAnd(one));
  return {
    gradients: clipGradients(program.clipping, unscaled),
    statistics: owned,
    isFinite: allFinite as tf.Scalar,
  };
}

/** The program as it is evaluated: every example counts alike, as in Keras. */
export function unweighted(program: TrainingProgram): TrainingProgram {
  return { ...program, classWeights: undefined };
}

/** Statistics of a batch with the present weights: no dropout, no augmentation, no class weights. For use inside tf.tidy. */
export function evaluateStep(program: TrainingProgram, { inputs, targets }: DeviceBatch): tf.Tensor1D {
  const outputs = applyModel(program.model, program.deviceStage(inputs), false);
  const sums = lossSums(unweighted(program), encodeTargets(program, targets), outputs);
  return joinStatistics(program, { ...sums, penalty: penaltyOf(program.model), metricTargets: targets, outputs });
}

interface PreparedBatch {
  readonly inputs: tf.Tensor;
  readonly encoded: tf.Tensor;
  readonly metricTargets: tf.Tensor;
}

function prepare(program: TrainingProgram, { inputs, targets }: DeviceBatch): PreparedBatch {
  const encoded = encodeTargets(program, targets);
  if (!program.augmentation) return { inputs: program.deviceStage(inputs), encoded, metricTargets: targets };
  const seeds = stepSeeds(deriveSeed(program.seed, "augmentation"));
  const changed = program.augmentation({ inputs, targets: encoded }, seeds);
  return {
    inputs: program.deviceStage(changed.inputs),
    encoded: changed.targets,
    metricTargets: decodeTargets(program, changed.targets),
  };
}
