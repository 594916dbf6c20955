import type { HostBatch } from "./host-batch";
import type { BatchSource } from "./make-batch";
import { readAhead } from "./read-ahead";

export interface EvaluationBatchesRequest extends BatchSource {
  /** Indices of the split, in the order they are read. */
  readonly examples: Int32Array;
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
}

/** Every example once, in the given order. The last batch may be smaller. Reads two batches ahead. */
export function evaluationBatches({
  examples,
  batchSize,
  signal,
  ...source
}: EvaluationBatchesRequest): AsyncGenerator<HostBatch, void, undefined> {
  return readAhead(source, examples, batchSize, signal);
}
