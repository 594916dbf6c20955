import { seededOrder } from "../seeded-order";
import type { HostBatch } from "./host-batch";
import type { BatchSource } from "./make-batch";
import { readAhead } from "./read-ahead";

export interface TrainingBatchesRequest extends BatchSource {
  /** Indices of the training split. */
  readonly examples: Int32Array;
  readonly batchSize: number;
  readonly seed: number;
  /** Number of the epoch; each has an order of its own. */
  readonly epoch: number;
  /** Batches at the beginning that are left out, unread: a run that is resumed has done them. */
  readonly skipBatches?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One epoch of training: every example once, in an order that depends on seed and epoch alone, so that any point of a
 * run can be gone back to. The last batch may be smaller. Reads two batches ahead.
 */
export function trainingBatches({
  examples,
  batchSize,
  seed,
  epoch,
  skipBatches = 0,
  signal,
  ...source
}: TrainingBatchesRequest): AsyncGenerator<HostBatch, void, undefined> {
  const order = seededOrder(examples.length, seed, "epoch", epoch).map((position) => examples[position] as number);
  return readAhead(source, order.subarray(skipBatches * batchSize), batchSize, signal);
}
