import { existsSync } from "node:fs";
import { readBestWeights } from "../checkpoint/checkpoint";
import { modelFiles } from "../checkpoint/model-files";
import { writeModelWeights } from "../checkpoint/model-weights";
import { replaceModel } from "../checkpoint/replace-model";
import { discardRun, type RunFolder, runFiles } from "../checkpoint/run-folder";
import type { RunPlan } from "../checkpoint/run-plan";
import { writeModelFolder } from "../checkpoint/write-model-folder";
import { targetNames } from "../data/target-names";
import { keepProgram } from "../engine/kept-programs/keep-program";
import { usedPrecision } from "../engine/used-precision";
import type { Runtime } from "../runtime/start-runtime";
import { DataError, EnvironmentError } from "../shared/errors";
import { describeTrained } from "./describe-trained";
import type { TrainingEvent, TrainingEvents } from "./events";
import { History } from "./history";
import { TensorBoardRun } from "./tensorboard/tensorboard-run";
import type { TrainingLoop } from "./training-loop";
import type { TrainingSetup } from "./training-setup";

/** A run that is ready to go, its state new or restored. */
export interface ActiveRun {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly setup: TrainingSetup;
  readonly loop: TrainingLoop;
  readonly runtime: Runtime;
  readonly resumedFrom: { readonly epoch: number; readonly step: number } | null;
}

/** Trains on to the last epoch and writes the model. Gives the run back when it ends, however it ends. */
export async function* runToEnd(run: ActiveRun, signal: AbortSignal): TrainingEvents {
  const { folder, setup, loop } = run;
  let tensorBoard: TensorBoardRun | undefined;
  let isWorthKeeping = true;
  try {
    yield startEvent(run);
    const { epoch } = loop.state.position;
    const history = await History.open(folder.path, epoch);
    tensorBoard = await TensorBoardRun.open(`${folder.path}/${runFiles.tensorBoard}`, epoch, setup);
    yield* loop.run({ folder, history, tensorBoard }, signal);
    await tensorBoard?.close();
    tensorBoard = undefined;
    yield await finish(run, history);
  } catch (error) {
    // An image that can't be read: resuming would begin at the first step, and be in the way of a new try.
    isWorthKeeping = loop.hasSaved || !(error instanceof DataError);
    if (error instanceof EnvironmentError) throw resumable(error, folder.model);
    throw error instanceof DataError && isWorthKeeping ? resumableWithData(error, folder.model) : error;
  } finally {
    await tensorBoard?.close();
    await folder.lock.release();
    if (!isWorthKeeping) await discardRun(folder);
  }
}

function startEvent({ setup, runtime, resumedFrom }: ActiveRun): TrainingEvent {
  const { data, engine, config, model, stepsPerEpoch } = setup;
  const { train, validation, test } = data.splits;
  const { targets } = data.set;
  return {
    type: "start",
    device: runtime.device,
    engine: engine.kind,
    precision: usedPrecision(config.train.precision, runtime, engine.kind),
    resumedFrom,
    epochs: config.train.epochs,
    stepsPerEpoch,
    examples: { train: train.length, validation: validation.length, test: test.length },
    outputs: targetNames(targets),
    task: data.task,
    inputs: data.set.inputs.kind,
    parameters: model.countParams(),
  };
}

/** Writes the model of the epoch that is to be saved, and puts it where the old one is, if there is one; keeps what predictions start sooner with. */
async function finish({ folder, plan, setup, loop, runtime }: ActiveRun, history: History): Promise<TrainingEvent> {
  const { engine, model, isBestSaved } = setup;
  const best = isBestSaved ? loop.state.best : null;
  const { epoch: epochs, step } = loop.state.position;
  const epoch = best?.epoch ?? epochs;
  engine.syncModel();
  if (best && best.epoch !== epochs) writeModelWeights(model, await readBestWeights(folder.checkpoints, best.folder));
  const metrics = history.entries[epoch - 1]?.metrics ?? {};
  const seconds = loop.state.seconds;
  const description = describeTrained({ setup, plan, runtime, epoch, metrics, epochs, steps: step, seconds });
  const sum = await writeModelFolder(folder.home, model, description);
  if (folder.home !== folder.model) {
    const lock = `${folder.model}/${modelFiles.run}/${runFiles.lock}`;
    try {
      await replaceModel(folder.model);
    } finally {
      // It goes with the run, which has been moved, or not, when a later part fails.
      if (existsSync(lock)) folder.lock.moveTo(lock);
    }
  }
  const { task, preprocessing } = setup.data;
  keepProgram({ sum, task, model, preprocessing });
  const isStoppedEarly = epochs < setup.config.train.epochs;
  return { type: "done", model: folder.model, epochs, epoch, metrics, seconds, isStoppedEarly };
}

function resumable(error: EnvironmentError, model: string): EnvironmentError {
  return new EnvironmentError(error.message, {
    hint: `Mend that, and go on with: dlctl train --resume ${model}`,
    cause: error,
  });
}

/** A file that has vanished, or was changed, while the run went on. */
function resumableWithData(error: DataError, model: string): DataError {
  return new DataError(error.message, {
    hint: `Bring the data back as it was, and go on with: dlctl train --resume ${model}`,
    cause: error,
  });
}
