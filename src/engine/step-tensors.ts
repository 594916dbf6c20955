import { meanOverSteps } from "../objectives/sequence-loss";
import { tf } from "../runtime/tf";
import { exampleWeights, stepWeights } from "./encode-targets";
import type { StepStatistics, TrainingProgram } from "./engine";

/** Weighted sum of the examples' losses, and of their weights where they are weighted. Scalars. */
export function lossSums(
  { loss, classWeights }: TrainingProgram,
  encoded: tf.Tensor,
  outputs: tf.Tensor,
): { readonly loss: tf.Scalar; readonly weight: tf.Scalar | undefined } {
  if (classWeights && loss.perStep) {
    const weights = stepWeights(classWeights, encoded);
    const losses = meanOverSteps(loss.perStep(encoded, outputs).mul(weights), encoded);
    return { loss: losses.sum() as tf.Scalar, weight: meanOverSteps(weights, encoded).sum() as tf.Scalar };
  }
  const perExample = loss.perExample(encoded, outputs);
  if (!classWeights) return { loss: perExample.sum() as tf.Scalar, weight: undefined };
  const weights = exampleWeights(classWeights, encoded);
  return { loss: perExample.mul(weights).sum() as tf.Scalar, weight: weights.sum() as tf.Scalar };
}

/** Regularization penalty of the present weights; undefined when no layer has a regularizer. */
export function penaltyOf(model: tf.LayersModel): tf.Scalar | undefined {
  const penalties = model.calculateLosses();
  return penalties.length > 0 ? (tf.addN(penalties) as tf.Scalar) : undefined;
}

/**
 * All figures of a step in one float32 vector, so that one small fetch brings them to the host: loss sum, weight sum,
 * penalty, then each metric's statistics.
 */
export function joinStatistics(
  { metrics }: TrainingProgram,
  figures: {
    readonly loss: tf.Scalar;
    readonly weight: tf.Scalar | undefined;
    readonly penalty: tf.Scalar | undefined;
    readonly metricTargets: tf.Tensor;
    readonly outputs: tf.Tensor;
  },
): tf.Tensor1D {
  const { loss, weight, penalty, metricTargets, outputs } = figures;
  const zero = weight && penalty ? undefined : tf.scalar(0);
  const scalars = [loss, weight ?? (zero as tf.Scalar), penalty ?? (zero as tf.Scalar)];
  const statistics = metrics.map((metric) => metric.statistics(metricTargets, outputs));
  return tf.concat([...scalars.map((scalar) => scalar.as1D()), ...statistics]);
}

/** The vector of `joinStatistics`, taken apart again. */
export function splitStatistics(
  { metrics, classWeights }: TrainingProgram,
  count: number,
  values: ArrayLike<number>,
): StepStatistics {
  const all = Float64Array.from(values);
  const [lossSum = Number.NaN, weight = count, penalty = 0] = all;
  let offset = 3;
  const vectors = metrics.map(({ statisticsLength }) => {
    offset += statisticsLength;
    return all.slice(offset - statisticsLength, offset);
  });
  return { count, weight: classWeights ? weight : count, lossSum, penalty, metrics: vectors };
}
