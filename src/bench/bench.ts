import type { ComputingGpu } from "../runtime/start-runtime";
import type { DataFigures } from "./measure-data";
import type { PredictionFigures } from "./measure-prediction";
import type { TrainingFigures } from "./measure-training";

export interface MeasuringOptions {
  /** About how long each part is measured. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Whose use is told; undefined where none computes. */
  readonly gpu?: Pick<ComputingGpu, "uuid"> | undefined;
}

/** Parts are named as they begin, for people. */
export interface BenchOptions extends MeasuringOptions {
  onPart(name: string): void;
}

/** What was measured of this machine with a model. Times are of wall time. */
export interface BenchFigures {
  readonly name: string;
  readonly parameters: number;
  /** Of one example, no batch axis. */
  readonly inputShape: readonly (number | null)[];
  readonly inputKind: string;
  /** What the figures are of, where it is not the user's own data; in sentences for people. */
  readonly notes: readonly string[];
  /** Null for a trained model: its data need not be here. */
  readonly data: {
    /** Listing files, reading tables, fitting the preprocessing. */
    readonly openSeconds: number;
    readonly cold: DataFigures;
    readonly cached: DataFigures;
  } | null;
  readonly training:
    | (TrainingFigures & {
        /** Building the model and compiling its step. */
        readonly prepareSeconds: number;
      })
    | null;
  readonly prediction: {
    readonly prepareSeconds: number;
    readonly batches: readonly PredictionFigures[];
  };
  /** Most memory that this process had. */
  readonly peakMemoryBytes: number;
}

export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;
