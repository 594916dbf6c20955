import type { HostBatch } from "../data/batches/host-batch";
import { applyModel } from "../engine/apply-model";
import { encodeTargets } from "../engine/encode-targets";
import type { StepStatistics, TrainingProgram } from "../engine/engine";
import { joinStatistics, lossSums, penaltyOf, splitStatistics } from "../engine/step-tensors";
import { uploadTensor } from "../engine/upload-tensor";
import { tf } from "../runtime/tf";

interface EvaluatedBatch {
  /** As the engine's `evaluateStep` gives them in training. */
  readonly statistics: StepStatistics;
  /** The model's outputs, `[count, ...]`, row-major; empty where they are not wanted. */
  readonly outputs: Float32Array;
}

/** Loss, metrics and, where they are `wanted`, outputs of one batch in one forward pass. Leaves no tensor. */
export function evaluateBatch(
  program: TrainingProgram,
  batch: HostBatch,
  wanted: "outputs" | "figures",
): EvaluatedBatch {
  const { joined, outputs } = tf.tidy(() => {
    const metricTargets = uploadTensor(batch.targets);
    const outputs = applyModel(program.model, program.deviceStage(uploadTensor(batch.inputs)), false);
    const sums = lossSums(program, encodeTargets(program, metricTargets), outputs);
    const figures = { ...sums, penalty: penaltyOf(program.model), metricTargets, outputs };
    return { joined: joinStatistics(program, figures), outputs };
  });
  try {
    return {
      statistics: splitStatistics(program, batch.count, joined.dataSync()),
      outputs: wanted === "outputs" ? (outputs.dataSync() as Float32Array) : new Float32Array(),
    };
  } finally {
    tf.dispose([joined, outputs]);
  }
}
