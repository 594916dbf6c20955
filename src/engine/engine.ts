import type { HostBatch } from "../data/batches/host-batch";
import type { Augmentation, DeviceStage } from "../data/device-stage";
import type { BoundLoss } from "../objectives/losses/define-loss";
import type { Metric } from "../objectives/metrics/define-metric";
import type { GradientClipping } from "../optimization/gradient-clipping";
import type { BoundOptimizer } from "../optimization/optimizers/define-optimizer";
import type { Precision } from "../runtime/precision";
import type { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";

/** Everything that decides what a training step computes. */
export interface TrainingProgram {
  /** Weights are in it; the engine may keep its own copy until `syncModel`. The caller owns it. */
  readonly model: tf.LayersModel;
  /** Type of the inputs that batches bring. */
  readonly inputDtype: "uint8" | "float32" | "int32";
  readonly deviceStage: DeviceStage;
  readonly augmentation: Augmentation | undefined;
  readonly loss: BoundLoss;
  readonly metrics: readonly Metric[];
  readonly optimizer: BoundOptimizer;
  readonly clipping: GradientClipping | undefined;
  /** Weight of each class in the loss; undefined: 1 each. */
  readonly classWeights: readonly number[] | undefined;
  /** Number of classes for class targets; undefined for values. */
  readonly classes: number | undefined;
  readonly seed: number;
  /** Of the products in training steps; float32 by default. Halves are computed by compiled steps alone. */
  readonly precision?: Precision | undefined;
}

/** Sums over the examples of a batch, so that batches of any size add up. */
export interface StepStatistics {
  readonly count: number;
  /** Sum of the weights of the examples (class weights; their number without). */
  readonly weight: number;
  /** Weighted sum of the examples' losses, without regularization; the mean loss is `lossSum / weight`. */
  readonly lossSum: number;
  /** Regularization penalty of the weights at this step; 0 without. */
  readonly penalty: number;
  /** One vector for each metric of the program, in its order. */
  readonly metrics: readonly Float64Array[];
}

/** What a loss is multiplied by so that float16 can hold its gradients: they are divided by it before anything else. */
export interface LossScale {
  readonly scale: number;
  /** Steps of the run that changed nothing, because a gradient was no finite number at the scale of then. */
  readonly skippedSteps: number;
  /** Whether gradients are no finite numbers at any scale. */
  readonly isExhausted: boolean;
}

/** Where a step stands: decides its learning rate and everything random in it. */
export interface StepPosition {
  /** Updates done before this one, over the whole run. */
  readonly step: number;
  readonly learningRate: number;
}

/** Executes steps. The trainer knows nothing else of how they are computed. */
export interface Engine {
  readonly kind: "eager" | "graph";
  /** As it is after the last step; undefined where losses are not scaled. */
  readonly lossScale?: LossScale | undefined;
  /** One optimizer update on `batch`. */
  trainStep(batch: HostBatch, position: StepPosition): StepStatistics;
  /** Loss and metrics on `batch` with the present weights: no dropout, no augmentation, no class weights, no update. */
  evaluateStep(batch: HostBatch): StepStatistics;
  /** Writes the present weights into the program's model. */
  syncModel(): void;
  /** Optimizer slots by `<weight name>/<slot>`, copied to the host; with `restoreSlots`, what a checkpoint holds. */
  readSlots(): Record<string, HostTensor<Float32Array>>;
  restoreSlots(slots: Readonly<Record<string, HostTensor<Float32Array>>>): void;
  /** Takes the model's weights as the present ones, after they were changed from outside. */
  adoptModelWeights(): void;
  /** Frees what the engine made; not the model. */
  dispose(): void;
}
