import type { Config } from "../config/config-schema";
import { openData, type TrainingData } from "../train/open-data";
import { setUpTraining } from "../train/training-setup";
import { type BenchFigures, type BenchOptions, peakMemory } from "./bench";
import { measureData } from "./measure-data";
import { measurePrediction } from "./measure-prediction";
import { measureTraining } from "./measure-training";
import { pickExamples } from "./pick-examples";
import { startStopwatch } from "./stopwatch";

/** Examples that are enough to measure with, where there are so many. */
const examplesMeasured = 4096;

/**
 * Measures what a config asks of the running device: its data, its training step, and prediction. Nothing is written, and
 * images kept by earlier runs are not used. Throws ConfigError or DataError.
 */
export async function benchConfig(given: Config, baseFolder: string, options: BenchOptions): Promise<BenchFigures> {
  const config = { ...given, data: { ...given.data, cache: "memory" as const } };
  options.onPart("opening the data");
  const stop = startStopwatch();
  const data = await openData({ config, baseFolder, record: undefined }, options.signal);
  return benchData(config, data, { ...options, openSeconds: stop().seconds, notes: [] });
}

interface OpenedDataOptions extends BenchOptions {
  readonly openSeconds: number;
  readonly notes: readonly string[];
}

/** As benchConfig, with data that is open; it is closed. Its inputs must not have been read before, and be cached. */
export async function benchData(
  config: Config,
  data: TrainingData,
  { openSeconds, notes, onPart, ...options }: OpenedDataOptions,
): Promise<BenchFigures> {
  onPart("compiling");
  const preparation = startStopwatch();
  const setup = await setUpTraining(config, data, async () => undefined);
  const prepareSeconds = preparation().seconds;
  try {
    const { inputs, preprocessing } = data;
    const { batchSize } = config.train;
    onPart("reading data");
    const examples = pickExamples(data.splits.train, Math.max(batchSize, examplesMeasured));
    const { cold, cached, read } = await measureData({ inputs, examples, batchSize }, options);
    onPart("training");
    const training = await measureTraining(setup, read, options);
    setup.engine.syncModel();
    onPart("predicting");
    const prediction = await measurePrediction(
      {
        model: setup.model,
        deviceStage: preprocessing.deviceStage,
        dtype: preprocessing.dtype,
        inputs: (size) => inputs.read(Int32Array.from({ length: size }, (_, i) => read[i % read.length] as number)),
      },
      options,
    );
    return {
      name: config.name,
      parameters: setup.model.countParams(),
      inputShape: preprocessing.shape,
      inputKind: data.set.inputs.kind,
      notes: setup.engineObstacle ? [...notes, `steps run op by op: ${setup.engineObstacle}`] : notes,
      data: { openSeconds, cold, cached },
      training: { ...training, prepareSeconds },
      prediction,
      peakMemoryBytes: peakMemory(),
    };
  } finally {
    await setup.dispose();
  }
}
