import type { HostBatch } from "../data/batches/host-batch";
import { trainingBatches } from "../data/batches/training-batches";
import type { TrainingSetup } from "./training-setup";

/** The batches of an epoch, counted from 0, of a run's training examples, from the one after `skipBatches` on. */
export function epochBatches(
  { config, data }: Pick<TrainingSetup, "config" | "data">,
  epoch: number,
  skipBatches = 0,
): AsyncIterable<HostBatch> {
  return trainingBatches({
    inputs: data.inputs,
    targets: data.set.targets,
    examples: data.splits.train,
    batchSize: config.train.batchSize,
    seed: config.seed,
    epoch,
    skipBatches,
  });
}
