import type { BenchFigures } from "./bench";

/** What keeps each kind of work from being faster; null where it was not measured. */
export interface Bottlenecks {
  /** From the second epoch on. */
  readonly training: "step" | "data" | null;
  /** In which examples are decoded. */
  readonly firstEpoch: "step" | "data" | null;
  /** Predicting many files. */
  readonly prediction: "model" | "data" | null;
}

/** A step that waits longer than this share of the time is held up by its data. */
const muchWaiting = 0.3;

export function findBottlenecks({ data, training, prediction }: BenchFigures): Bottlenecks {
  if (!data || !training) return { training: null, firstEpoch: null, prediction: null };
  const trainingRate = training.batchSize / (training.step.mean / 1000);
  // Batches are read while a step computes, so the slower of the two decides.
  const slower = (examplesPerSecond: number, rate: number) => examplesPerSecond < rate;
  const best = Math.max(...prediction.batches.map(({ examplesPerSecond }) => examplesPerSecond));
  return {
    training: training.waiting > muchWaiting ? "data" : "step",
    firstEpoch: slower(data.cold.examplesPerSecond, trainingRate) ? "data" : "step",
    prediction: slower(data.cold.examplesPerSecond, best) ? "data" : "model",
  };
}
