import { tf } from "../runtime/tf";
import type { LossConfig } from "./loss-config";
import type { BoundLoss, LossDefinition } from "./losses/define-loss";
import { lossDefinitions } from "./losses/loss-definitions";
import { countedTargets, flattenSteps } from "./steps";

/**
 * A loss of classes, taken at each step of sequences: targets are int32 `[batch, time]`, -1 where there is nothing to
 * predict, outputs `[batch, time, classes]` (or one unit, for two classes). The loss of an example is the mean over its
 * steps that have a target, 0 where none has. Throws RangeError for a loss that is not of classes: check before.
 */
export function bindSequenceLoss(config: LossConfig): BoundLoss {
  const definition: LossDefinition = lossDefinitions[config.type];
  const takesIndices = definition.targets.includes("index");
  if (!takesIndices && !definition.targets.includes("oneHot")) {
    throw new RangeError(`${config.type} takes no classes`);
  }
  const perStep = (targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor2D => {
    const steps = flattenSteps(outputs);
    const [, width] = steps.shape;
    // A step without a target takes class 0, and does not count.
    const indices = targets.reshape([-1]).maximum(tf.scalar(0, "int32"));
    const encoded =
      width === 1
        ? indices.toFloat().reshape([-1, 1])
        : takesIndices
          ? indices
          : tf.oneHot(indices.toInt(), width).toFloat();
    const losses = definition.perExample(config, encoded, steps).reshape([-1, targets.shape[1] ?? 1]);
    return losses.mul(countedTargets(targets)) as tf.Tensor2D;
  };
  return {
    encoding: "index",
    perExample: (targets, outputs) => meanOverSteps(perStep(targets, outputs), targets),
    perStep,
  };
}

/** The mean of `values`, `[batch, time]`, over the steps of each example that have a target; 0 where none has. */
export function meanOverSteps(values: tf.Tensor, targets: tf.Tensor): tf.Tensor1D {
  return values.sum(1).div(countedTargets(targets).sum(1).maximum(1)).as1D();
}
