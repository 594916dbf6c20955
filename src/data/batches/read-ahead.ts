import type { HostBatch } from "./host-batch";
import { type BatchSource, makeBatch } from "./make-batch";

/**
 * Batches of `order`, `batchSize` at a time, the last as small as what is left. While the consumer works on one, the
 * next two are read: the last images of a batch would else be waited for alone. A failure to read is thrown when its batch is asked for; a consumer that stops early stops the reading,
 * which has ended when the loop is left.
 */
export async function* readAhead(
  source: BatchSource,
  order: Int32Array,
  batchSize: number,
  signal?: AbortSignal,
): AsyncGenerator<HostBatch, void, undefined> {
  const stop = new AbortController();
  // Not AbortSignal.any: a run makes many of these on one signal, and each would stay with it.
  const passOn = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", passOn);
  const begin = (start: number) => {
    if (start >= order.length) return undefined;
    const batch = makeBatch(source, order.slice(start, start + batchSize), stop.signal);
    // It may fail while nobody waits for it yet.
    batch.catch(() => undefined);
    return batch;
  };
  const pending: Promise<HostBatch>[] = [];
  try {
    signal?.throwIfAborted();
    let start = 0;
    const beginNext = () => {
      const batch = begin(start);
      start += batchSize;
      if (batch) pending.push(batch);
    };
    beginNext();
    beginNext();
    for (let first = pending.shift(); first; first = pending.shift()) {
      const batch = await first;
      beginNext();
      signal?.throwIfAborted();
      yield batch;
    }
  } finally {
    signal?.removeEventListener("abort", passOn);
    stop.abort();
    await Promise.allSettled(pending);
  }
}
