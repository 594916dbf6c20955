import type { InputKind, Task } from "../data/example-set";
import type { LossScale } from "../engine/engine";
import type { Precision } from "../runtime/precision";
import type { DeviceName } from "../runtime/start-runtime";

/** Figures by name: `loss`, `accuracy`, `val_loss`; NaN where one is not defined. */
export type Figures = Readonly<Record<string, number>>;

/** What training tells while it runs: plain facts, for whoever shows or stores them. */
export type TrainingEvent =
  | {
      readonly type: "start";
      readonly device: DeviceName;
      readonly engine: "eager" | "graph";
      /** What products are computed in. */
      readonly precision: Precision;
      /** Whole epochs and updates done before; null for a new run. */
      readonly resumedFrom: { readonly epoch: number; readonly step: number } | null;
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
      /** Class labels, or names of the values. */
      readonly outputs: readonly string[];
      readonly task: Task;
      readonly inputs: InputKind;
      readonly parameters: number;
    }
  | {
      readonly type: "step";
      /** The epoch it belongs to, from 1. */
      readonly epoch: number;
      /** Updates done, over the whole run. */
      readonly step: number;
      /** Updates done in this epoch. */
      readonly stepInEpoch: number;
      /** Training examples seen in this epoch. */
      readonly examples: number;
      /** Of this step's batch alone, with the penalties of regularizers. */
      readonly loss: number;
      /** Means over the epoch so far. */
      readonly metrics: Figures;
      readonly learningRate: number;
      readonly examplesPerSecond: number;
    }
  | { readonly type: "validation"; readonly epoch: number; readonly done: number; readonly total: number }
  | {
      readonly type: "epoch";
      readonly epoch: number;
      readonly step: number;
      readonly metrics: Figures;
      readonly learningRate: number;
      /** Validation included. */
      readonly seconds: number;
      readonly examplesPerSecond: number;
      /** The best epoch so far, by what is monitored. */
      readonly isBest: boolean;
      /** At its end; in float16 alone. */
      readonly lossScale?: Pick<LossScale, "scale" | "skippedSteps">;
    }
  | { readonly type: "checkpoint"; readonly epoch: number; readonly step: number; readonly path: string }
  | { readonly type: "note"; readonly message: string }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "done";
      /** The model folder, absolute. */
      readonly model: string;
      /** Epochs trained. */
      readonly epochs: number;
      /** The epoch whose weights are saved; `metrics` are theirs. */
      readonly epoch: number;
      readonly metrics: Figures;
      readonly seconds: number;
      readonly isStoppedEarly: boolean;
    };

export type TrainingEvents = AsyncGenerator<TrainingEvent, void, undefined>;
