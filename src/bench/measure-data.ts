import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { EncodedInputs } from "../data/encoded-inputs";
import type { MeasuringOptions } from "./bench";
import { type Span, startStopwatch } from "./stopwatch";

/** How fast examples come, decoded and preprocessed, one batch after the other. */
export interface DataFigures extends Span {
  readonly examples: number;
  readonly examplesPerSecond: number;
}

interface DataRequest {
  readonly inputs: EncodedInputs;
  /** Read for the first time. */
  readonly examples: Int32Array;
  readonly batchSize: number;
}

/**
 * Reads as many of `examples` as there is time for, at least a batch, and then the same ones again and again. `cold`: files
 * are read and decoded, though the operating system may hold them in memory. `read` are the examples now in the cache.
 */
export async function measureData(
  { inputs, examples, batchSize }: DataRequest,
  options: MeasuringOptions,
): Promise<{ readonly cold: DataFigures; readonly cached: DataFigures; readonly read: Int32Array }> {
  const cold = await readFor(inputs, examples, batchSize, { ...options, isRepeated: false });
  const read = examples.subarray(0, cold.examples);
  const cached = await readFor(inputs, read, batchSize, { ...options, seconds: options.seconds / 2, isRepeated: true });
  return { cold, cached, read };
}

async function readFor(
  inputs: EncodedInputs,
  examples: Int32Array,
  batchSize: number,
  { seconds, signal, isRepeated }: MeasuringOptions & { readonly isRepeated: boolean },
): Promise<DataFigures> {
  const until = performance.now() + 1000 * seconds;
  const stop = startStopwatch();
  let count = 0;
  do {
    for (let start = 0; start < examples.length; start += batchSize) {
      const batch = examples.subarray(start, start + batchSize);
      await inputs.read(batch, signal);
      count += batch.length;
      await yieldToEvents();
      signal.throwIfAborted();
      if (performance.now() >= until) break;
    }
  } while (isRepeated && performance.now() < until);
  const span = stop();
  return { ...span, examples: count, examplesPerSecond: count / span.seconds };
}
