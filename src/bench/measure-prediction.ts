import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { DeviceStage } from "../data/device-stage";
import { createPredictor } from "../engine/create-predictor";
import type { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";
import type { MeasuringOptions } from "./bench";
import { type Span, startStopwatch } from "./stopwatch";
import { summarize, type Timing } from "./timing";

/** How fast a model whose weights are fixed answers, from inputs in memory to outputs in memory. */
export interface PredictionFigures extends Span {
  readonly batchSize: number;
  readonly latency: Timing;
  readonly examplesPerSecond: number;
}

export const predictionBatchSizes = [1, 32, 256] as const;

interface PredictionRequest {
  readonly model: tf.LayersModel;
  readonly deviceStage: DeviceStage;
  readonly dtype: "uint8" | "float32" | "int32";
  /** Inputs of so many examples. */
  inputs(batchSize: number): Promise<HostTensor>;
}

/** Slow models warm up no longer than the time for measuring. */
const mostWarmUpCalls = 3;

/** The model is not disposed. `prepareSeconds`: compiling it. */
export async function measurePrediction(
  { model, deviceStage, dtype, inputs }: PredictionRequest,
  { seconds, signal }: MeasuringOptions,
): Promise<{ readonly prepareSeconds: number; readonly batches: readonly PredictionFigures[] }> {
  const preparation = startStopwatch();
  const predictor = createPredictor(model, deviceStage, { dtype, examples: Infinity });
  const prepareSeconds = preparation().seconds;
  try {
    const batches: PredictionFigures[] = [];
    for (const batchSize of predictionBatchSizes) {
      const given = await inputs(batchSize);
      const milliseconds = (1000 * seconds) / predictionBatchSizes.length;
      const warmUntil = performance.now() + milliseconds;
      let warmUps = 0;
      do predictor.predict(given);
      while (++warmUps < mostWarmUpCalls && performance.now() < warmUntil);
      const times: number[] = [];
      const until = performance.now() + milliseconds;
      const stop = startStopwatch();
      do {
        const startedAt = performance.now();
        predictor.predict(given);
        times.push(performance.now() - startedAt);
        if (times.length % 64 === 0) await yieldToEvents();
        signal.throwIfAborted();
      } while (performance.now() < until);
      const span = stop();
      const latency = summarize(times);
      batches.push({ ...span, batchSize, latency, examplesPerSecond: (times.length * batchSize) / span.seconds });
      await yieldToEvents();
      signal.throwIfAborted();
    }
    return { prepareSeconds, batches };
  } finally {
    predictor.dispose();
  }
}
