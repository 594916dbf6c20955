import type { Config } from "../config/config-schema";
import { bindAugmentations } from "../data/augmentation-config";
import { classLabels } from "../data/target-names";
import { createEngine } from "../engine/create-engine";
import type { Engine, TrainingProgram } from "../engine/engine";
import type { Metric } from "../objectives/metrics/define-metric";
import { bindOptimizer } from "../optimization/optimizer-config";
import { createSchedule } from "../optimization/schedule-config";
import type { Schedule } from "../optimization/schedules/define-schedule";
import type { tf } from "../runtime/tf";
import { resolveClassWeights } from "./class-weights";
import { EarlyStopping } from "./early-stopping";
import { buildForData, modelFactsOf } from "./model-facts";
import { createMonitor, type Monitor } from "./monitor";
import { createObjective } from "./objective";
import type { TrainingData } from "./open-data";

/** Everything that a run computes with, made of config and data alone. */
export interface TrainingSetup {
  readonly config: Config;
  readonly data: TrainingData;
  readonly model: tf.LayersModel;
  readonly engine: Engine;
  /** What the engine computes. */
  readonly program: TrainingProgram;
  /** Why steps run op by op although `auto` would compile them; undefined where they are compiled or need not be. */
  readonly engineObstacle: string | undefined;
  readonly metrics: readonly Metric[];
  readonly schedule: Schedule;
  readonly stepsPerEpoch: number;
  readonly outputWidth: number;
  /** Decides which epoch is the best. */
  readonly monitor: Monitor;
  readonly earlyStopping: EarlyStopping | undefined;
  /** The best epoch's weights are saved, and not the last one's. */
  readonly isBestSaved: boolean;
  /** Frees model and engine; the data is closed too. */
  dispose(): Promise<void>;
}

/**
 * Builds model and engine. `prepareModel` may change the first weights before the engine takes them. Throws ConfigError
 * when the parts don't go together; `data` is then closed.
 */
export async function setUpTraining(
  config: Config,
  data: TrainingData,
  prepareModel: (model: tf.LayersModel) => Promise<void>,
): Promise<TrainingSetup> {
  let model: tf.LayersModel | undefined;
  try {
    const built = buildForData(config, modelFactsOf(data.set, data.preprocessing));
    model = built;
    const { program, setup } = assemble(config, data, built);
    await prepareModel(built);
    const whole = { ...program, model: built };
    const { engine, obstacle } = createEngine(whole, config.train.engine);
    return {
      ...setup,
      engine,
      program: whole,
      engineObstacle: obstacle,
      dispose: async () => {
        engine.dispose();
        built.dispose();
        await data.inputs.close();
      },
    };
  } catch (error) {
    model?.dispose();
    await data.inputs.close();
    throw error;
  }
}

function assemble(config: Config, { set, splits, preprocessing, ...data }: TrainingData, model: tf.LayersModel) {
  const { train, seed } = config;
  const { targets } = set;
  const hasValidation = splits.validation.length > 0;
  const objective = createObjective(config, set, model.outputs[0]?.shape ?? []);
  const { metrics } = objective;
  const optimizer = bindOptimizer(train.optimizer);
  const stepsPerEpoch = Math.ceil(splits.train.length / train.batchSize);
  const stopping = train.earlyStopping;
  const monitorOf = (name: string, mode: "auto" | "min" | "max", path: string) =>
    createMonitor(name, mode, { metrics, hasValidation }, path);
  const stoppingMonitor = stopping && monitorOf(stopping.monitor, stopping.mode, "train.earlyStopping.monitor");
  const isBestByStopping = train.monitor === undefined && stoppingMonitor !== undefined && stopping?.restoreBest;
  const monitor = isBestByStopping
    ? stoppingMonitor
    : monitorOf(train.monitor ?? (hasValidation ? "val_loss" : "loss"), "auto", "train.monitor");
  const program = {
    inputDtype: preprocessing.dtype,
    deviceStage: preprocessing.deviceStage,
    augmentation: bindAugmentations(config.data.augment),
    loss: objective.loss,
    metrics,
    optimizer,
    clipping: train.gradientClipping,
    classWeights: resolveClassWeights(train.classWeights, targets, splits),
    classes: classLabels(targets)?.length,
    seed,
    precision: train.precision,
  };
  const setup = {
    config,
    data: { set, splits, preprocessing, ...data },
    model,
    metrics,
    schedule: createSchedule(train.schedule, { baseRate: optimizer.learningRate, stepsPerEpoch, epochs: train.epochs }),
    stepsPerEpoch,
    outputWidth: objective.outputWidth,
    monitor,
    earlyStopping: stopping && stoppingMonitor && new EarlyStopping(stoppingMonitor, stopping),
    isBestSaved: (stopping?.restoreBest ?? false) || train.keep === "best",
  };
  return { program, setup };
}
