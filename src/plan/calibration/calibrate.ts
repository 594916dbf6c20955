import { setImmediate as yieldToEvents } from "node:timers/promises";
import { type Prices, priceOf } from "./features";
import { fitPrices, type Sample } from "./fit-prices";
import { prepareProbe, type ReadyProbe } from "./measure-probe";
import { probes } from "./probes";

/** What was measured of this machine. */
export interface Measurement {
  readonly prices: Prices;
  /** Resident bytes of a process that has done one step. */
  readonly programBytes: number;
  /** Median and largest relative error of the probes' own times: how well the prices explain them. */
  readonly error: { readonly median: number; readonly largest: number };
}

const rounds = 7;

/**
 * Times the probes on the running device, one after the other in every round, so that a busy moment hits all alike, and takes medians. Some
 * seconds. `onProgress` hears how much is done, from 0 to 1.
 */
export async function calibrate(signal: AbortSignal, onProgress: (done: number) => void): Promise<Measurement> {
  const ready: ReadyProbe[] = [];
  const total = probes.length + rounds;
  let programBytes = 0;
  try {
    for (const [index, probe] of probes.entries()) {
      signal.throwIfAborted();
      ready.push(prepareProbe(probe));
      if (index === 0) programBytes = process.memoryUsage.rss();
      onProgress((index + 1) / total);
      await yieldToEvents();
    }
    const times = ready.map(() => ({ train: [] as number[], predict: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, probe] of ready.entries()) {
        signal.throwIfAborted();
        const { train, predict } = probe.time();
        times[index]?.train.push(train);
        times[index]?.predict.push(predict);
        await yieldToEvents();
      }
      onProgress((probes.length + round + 1) / total);
    }
    const samples = ready.flatMap((probe, index): Sample[] => [
      { amounts: probe.train, seconds: median(times[index]?.train ?? []) },
      { amounts: probe.predict, seconds: median(times[index]?.predict ?? []) },
    ]);
    const prices = fitPrices(samples);
    return { prices, programBytes, error: errorOf(samples, prices) };
  } finally {
    for (const probe of ready) probe.dispose();
  }
}

function errorOf(samples: readonly Sample[], prices: Prices): Measurement["error"] {
  const errors = samples.map(({ amounts, seconds }) => Math.abs(priceOf(prices, amounts) / seconds - 1));
  return { median: median(errors), largest: Math.max(...errors) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
