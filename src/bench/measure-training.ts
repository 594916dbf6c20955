import { setImmediate as yieldToEvents } from "node:timers/promises";
import { trainingBatches } from "../data/batches/training-batches";
import { EpochSums } from "../train/epoch-sums";
import type { TrainingSetup } from "../train/training-setup";
import { type MeasuringOptions, peakMemory } from "./bench";
import { GpuMeter, type GpuUse } from "./gpu-meter";
import { type Span, startStopwatch } from "./stopwatch";
import { summarize, type Timing } from "./timing";

/** How fast a model trains on examples that are decoded already. */
export interface TrainingFigures extends Span {
  readonly engine: "eager" | "graph";
  readonly batchSize: number;
  /** The first steps, which libtensorflow prepares itself by; not in the other figures. */
  readonly firstStepSeconds: number;
  readonly step: Timing;
  readonly examplesPerSecond: number;
  /** Share of the time in which a step waited for its batch. */
  readonly waiting: number;
  /** Most memory that this process had until then. */
  readonly peakMemoryBytes: number;
  /** Null where no GPU computes, or its driver does not tell. */
  readonly gpu: GpuUse | null;
}

/** After so many steps their times no longer fall. Slow ones warm up no longer than the time for measuring. */
const mostWarmUpSteps = 5;

/**
 * Trains on `examples` as `dlctl train` does, shuffled, with metrics, the next batch read meanwhile, for the time given.
 * The weights of the setup's model are others afterwards.
 */
export async function measureTraining(
  setup: TrainingSetup,
  examples: Int32Array,
  options: MeasuringOptions,
): Promise<TrainingFigures> {
  const meter = options.gpu && new GpuMeter(options.gpu.uuid);
  try {
    const figures = await measure(setup, examples, options, () => meter?.restart());
    return { ...figures, gpu: meter?.use ?? null };
  } finally {
    meter?.stop();
  }
}

async function measure(
  setup: TrainingSetup,
  examples: Int32Array,
  { seconds, signal }: MeasuringOptions,
  onWarm: () => void,
): Promise<Omit<TrainingFigures, "gpu">> {
  const { config, data, engine, schedule, metrics } = setup;
  const { batchSize } = config.train;
  const source = { inputs: data.inputs, targets: data.set.targets, examples, batchSize, seed: config.seed };
  const sums = new EpochSums(metrics);
  const stepTimes: number[] = [];
  const preparation = startStopwatch();
  let firstStepSeconds = 0;
  let stop = preparation;
  const warmUntil = performance.now() + 1000 * seconds;
  let isWarm = false;
  let until = Infinity;
  let [step, waited, count] = [0, 0, 0];
  const isTimeUp = () => stepTimes.length > 0 && performance.now() >= until;
  for (let epoch = 0; !isTimeUp(); epoch++) {
    let askedAt = performance.now();
    for await (const batch of trainingBatches({ ...source, epoch, signal })) {
      if (!isWarm && step > 0 && (step === mostWarmUpSteps || performance.now() >= warmUntil)) {
        isWarm = true;
        onWarm();
        firstStepSeconds = preparation().seconds;
        stop = startStopwatch();
        until = performance.now() + 1000 * seconds;
        [waited, count, askedAt] = [0, 0, performance.now()];
      }
      const startedAt = performance.now();
      waited += startedAt - askedAt;
      sums.add(engine.trainStep(batch, { step, learningRate: schedule.rateAt(step) }));
      if (isWarm) stepTimes.push(performance.now() - startedAt);
      step += 1;
      count += batch.count;
      sums.figures();
      await yieldToEvents();
      signal.throwIfAborted();
      if (isTimeUp()) break;
      askedAt = performance.now();
    }
  }
  const span = stop();
  return {
    ...span,
    engine: engine.kind,
    batchSize,
    firstStepSeconds,
    step: summarize(stepTimes),
    examplesPerSecond: count / span.seconds,
    waiting: waited / 1000 / span.seconds,
    peakMemoryBytes: peakMemory(),
  };
}
