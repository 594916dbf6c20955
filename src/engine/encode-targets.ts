import { countedTargets } from "../objectives/steps";
import { tf } from "../runtime/tf";
import type { TrainingProgram } from "./engine";

/** Width of the model's output: its last axis. */
export function outputWidth(model: tf.LayersModel): number {
  return model.outputs[0]?.shape.at(-1) ?? 1;
}

/** Shape of one example's targets, no batch axis, and their dtype, as batches bring them. */
export function targetForm({ model, classes }: Pick<TrainingProgram, "model" | "classes">): {
  readonly shape: readonly number[];
  readonly dtype: "int32" | "float32";
} {
  if (classes === undefined) return { shape: [outputWidth(model)], dtype: "float32" };
  // A class for each example, or, as far as the outputs have an axis of steps, for each step.
  return { shape: (model.outputs[0]?.shape.slice(1, -1) ?? []) as number[], dtype: "int32" };
}

/**
 * What the loss takes: class indices (int32 `[batch]`) become one-hot `[batch, classes]`, or `[batch, 1]` for a
 * single unit that tells two classes apart; indices for a loss that takes them (those of sequences always), and values, stay.
 */
export function encodeTargets({ loss, model }: TrainingProgram, targets: tf.Tensor): tf.Tensor {
  if (loss.encoding !== "oneHot") return targets;
  const width = outputWidth(model);
  return width === 1 ? targets.toFloat().reshape([-1, 1]) : tf.oneHot(targets.toInt(), width).toFloat();
}

/**
 * What metrics compare with after the loss's targets were augmented. Mixup makes one-hot targets soft: the class with
 * the largest share counts, int32 `[batch]`.
 */
export function decodeTargets({ loss }: TrainingProgram, encoded: tf.Tensor): tf.Tensor {
  if (loss.encoding !== "oneHot") return encoded;
  return encoded.shape.at(-1) === 1 ? encoded.round().toInt().reshape([-1]) : encoded.argMax(-1);
}

/** Weight of each step of sequences, `[batch, time]`, from the class to predict; 0 where that is -1. */
export function stepWeights(classWeights: readonly number[], targets: tf.Tensor): tf.Tensor2D {
  const weights = tf.tensor1d([...classWeights]);
  const indices = targets.maximum(tf.scalar(0, "int32")).toInt();
  return weights.gather(indices).mul(countedTargets(targets)) as tf.Tensor2D;
}

/** Weight of each example, `[batch]`, from its class; of classes that mixup mixed, their weights in the same shares. */
export function exampleWeights(classWeights: readonly number[], encoded: tf.Tensor): tf.Tensor1D {
  const weights = tf.tensor1d([...classWeights]);
  if (encoded.rank === 1) return weights.gather(encoded.toInt()) as tf.Tensor1D;
  if (encoded.shape.at(-1) !== 1) return encoded.dot(weights).as1D();
  const [first = 1, second = 1] = classWeights;
  return encoded
    .mul(second - first)
    .add(first)
    .as1D();
}
