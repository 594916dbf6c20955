import { resolve } from "node:path";
import { readBestWeights, readLastCheckpoint, writeCheckpoint } from "../checkpoint/checkpoint";
import { writeModelWeights } from "../checkpoint/model-weights";
import { replaceModel } from "../checkpoint/replace-model";
import {
  discardRun,
  draftRun,
  openUnfinishedRun,
  type RunFolder,
  requireRoomForRun,
  runFiles,
} from "../checkpoint/run-folder";
import { type RunPlan, readRunPlan, writeRunPlan } from "../checkpoint/run-plan";
import { writeModelFolder } from "../checkpoint/write-model-folder";
import { type Config, configSchema } from "../config/config-schema";
import type { Runtime } from "../runtime/start-runtime";
import { DataError, InterruptedError, ModelFolderError } from "../shared/errors";
import { dataFingerprint } from "./data-fingerprint";
import { describeTrained } from "./describe-trained";
import type { TrainingEvent } from "./events";
import { History } from "./history";
import { initializeFrom } from "./init-from";
import { openData } from "./open-data";
import { TensorBoardLog } from "./tensorboard/tensorboard-log";
import { TrainingLoop } from "./training-loop";
import { setUpTraining, type TrainingSetup } from "./training-setup";
import { trainingVersions } from "./versions";

/** A new run. */
export interface TrainRequest {
  /** Valid, with the command line's options applied. */
  readonly config: Config;
  /** What the config file holds. */
  readonly given: unknown;
  readonly configPath: string;
  /** Relative paths in the config start here. */
  readonly baseFolder: string;
  readonly overrides: readonly string[];
  /** The model folder to write. */
  readonly model: string;
  /** A model folder whose weights are the first ones. */
  readonly initFrom?: string | undefined;
  /** An unfinished run in `model` is discarded. */
  readonly isOverwriting: boolean;
  readonly runtime: Runtime;
}

type Events = AsyncGenerator<TrainingEvent, void, undefined>;

/**
 * Trains a new model and writes it to its folder. A finished model there is replaced when all has succeeded, and not
 * before. Yields what happens; throws UserErrors; prints nothing. Aborting `signal` ends it after the step, with a
 * checkpoint, by InterruptedError.
 */
export async function* train(request: TrainRequest, signal: AbortSignal): Events {
  const model = resolve(request.model);
  const { config, runtime, baseFolder, initFrom } = request;
  await requireRoomForRun(model, request.isOverwriting);
  const draft = await draftRun(model);
  try {
    const data = await openData({ config, baseFolder, record: undefined }, signal);
    for (const message of data.warnings) yield { type: "warning", message };
    const notes: string[] = [];
    const setup = await setUpTraining(config, data, async (built) => {
      if (initFrom === undefined) return;
      const { taken, left } = await initializeFrom(initFrom, built);
      notes.push(`weights taken from ${initFrom}: ${taken.join(", ")}`);
      if (left.length > 0) notes.push(`weights not taken: ${left.join(", ")}`);
    });
    try {
      for (const message of notes) yield { type: "note", message };
      const plan: RunPlan = {
        config: { ...config },
        baseFolder: resolve(baseFolder),
        configPath: resolve(request.configPath),
        overrides: [...request.overrides],
        initFrom: initFrom === undefined ? null : resolve(initFrom),
        preprocessing: data.preprocessing.record,
        dataFingerprint: dataFingerprint(data.set),
        versions: await trainingVersions(runtime),
      };
      const loop = new TrainingLoop(setup);
      await writeRunPlan(draft.path, request.given, plan);
      await writeCheckpoint(`${draft.path}/${runFiles.checkpoints}`, loop.snapshot());
      signal.throwIfAborted();
      const folder = await draft.publish();
      yield* runToEnd({ folder, plan, setup, loop, runtime, resumedFrom: null }, signal);
    } finally {
      await setup.dispose();
    }
  } catch (error) {
    throw isAbort(error, signal)
      ? new InterruptedError("Interrupted before the first step; nothing was written")
      : error;
  } finally {
    await draft.discard();
  }
}

/** An unfinished run, opened to go on with it. */
export interface ResumableRun {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly config: Config;
}

/**
 * Opens the unfinished run in a model folder, which from then on is this process's; `resumeTraining` gives it back. Throws
 * UsageError when there is none, ModelFolderError when it is damaged.
 */
export async function openRun(model: string): Promise<ResumableRun> {
  const folder = await openUnfinishedRun(resolve(model));
  try {
    const plan = await readRunPlan(folder.path);
    const parsed = configSchema.safeParse(plan.config);
    if (parsed.success) return { folder, plan, config: parsed.data };
    const [issue] = parsed.error.issues;
    throw new ModelFolderError(
      `The config of the run in ${model} is not valid: ${issue?.path.join(".")}: ${issue?.message}`,
      {
        hint: "It was changed, or written by another version of dlctl: start anew with --overwrite.",
      },
    );
  } catch (error) {
    await folder.lock.release();
    throw error;
  }
}

/** Goes on from the run's last whole checkpoint, as `train` would have. The run is given back when it ends. */
export async function* resumeTraining(run: ResumableRun, runtime: Runtime, signal: AbortSignal): Events {
  const { folder, plan, config } = run;
  try {
    const damaged: string[] = [];
    const checkpoint = await readLastCheckpoint(folder.checkpoints, (problem) => damaged.push(problem));
    for (const problem of damaged) yield { type: "warning", message: `${problem}; an older checkpoint is used` };
    const data = await openData({ config, baseFolder: plan.baseFolder, record: plan.preprocessing }, signal);
    if (dataFingerprint(data.set) !== plan.dataFingerprint) {
      await data.inputs.close();
      throw new DataError("The data has changed since the run began: its examples or their targets are others", {
        hint: "Bring the data back as it was, or start anew with --overwrite.",
      });
    }
    const setup = await setUpTraining(config, data, async () => undefined);
    try {
      const loop = new TrainingLoop(setup);
      restore(loop, checkpoint, folder);
      yield* runToEnd({ folder, plan, setup, loop, runtime, resumedFrom: loop.position }, signal);
    } finally {
      await setup.dispose();
    }
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
    throw new InterruptedError("Interrupted before training went on; nothing is lost", {
      hint: `Go on with: dlctl train --resume ${folder.model}`,
    });
  } finally {
    await folder.lock.release();
  }
}

function restore(loop: TrainingLoop, checkpoint: Parameters<TrainingLoop["restore"]>[0], { path }: RunFolder): void {
  try {
    loop.restore(checkpoint);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ModelFolderError(`The checkpoint in ${path} does not fit the run's config: ${error.message}`, {
      hint: "Start anew with --overwrite.",
      cause: error,
    });
  }
}

interface ActiveRun {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly setup: TrainingSetup;
  readonly loop: TrainingLoop;
  readonly runtime: Runtime;
  readonly resumedFrom: { readonly epoch: number; readonly step: number } | null;
}

async function* runToEnd(run: ActiveRun, signal: AbortSignal): Events {
  const { folder, setup, loop } = run;
  const { tensorBoard: isLogged } = setup.config.train;
  const hasValidation = setup.data.splits.validation.length > 0;
  let tensorBoard: TensorBoardLog | undefined;
  let isWorthKeeping = true;
  try {
    yield startEvent(run);
    const { epoch } = loop.position;
    const history = await History.open(folder.path, epoch);
    if (isLogged) {
      tensorBoard = await TensorBoardLog.open(`${folder.path}/${runFiles.tensorBoard}`, epoch, hasValidation);
    }
    yield* loop.run({ folder, history, tensorBoard }, signal);
    await tensorBoard?.close();
    tensorBoard = undefined;
    yield await finish(run, history);
  } catch (error) {
    // An image that can't be read: resuming would begin at the first step, and be in the way of a new try.
    isWorthKeeping = loop.hasSaved || !(error instanceof DataError);
    throw error;
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
    resumedFrom,
    epochs: config.train.epochs,
    stepsPerEpoch,
    examples: { train: train.length, validation: validation.length, test: test.length },
    outputs: targets.kind === "class" ? targets.labels : targets.names,
    task: data.task,
    inputs: data.set.inputs.kind,
    parameters: model.countParams(),
  };
}

/** Writes the model of the epoch that is to be saved, and puts it where the old one is, if there is one. */
async function finish({ folder, plan, setup, loop, runtime }: ActiveRun, history: History): Promise<TrainingEvent> {
  const { engine, model, isBestSaved } = setup;
  const best = isBestSaved ? loop.bestEpoch : null;
  const { epoch: epochs, step } = loop.position;
  const epoch = best?.epoch ?? epochs;
  engine.syncModel();
  if (best && best.epoch !== epochs) writeModelWeights(model, await readBestWeights(folder.checkpoints, best.folder));
  const metrics = history.entries[epoch - 1]?.metrics ?? {};
  const seconds = loop.seconds;
  const description = describeTrained({ setup, plan, runtime, epoch, metrics, epochs, steps: step, seconds });
  await writeModelFolder(folder.home, model, description);
  if (folder.home !== folder.model) {
    await replaceModel(folder.model);
    folder.lock.moveTo(`${folder.model}/run/${runFiles.lock}`);
  }
  const isStoppedEarly = epochs < setup.config.train.epochs;
  return { type: "done", model: folder.model, epochs, epoch, metrics, seconds, isStoppedEarly };
}

/** Whether `error` is how an operation that was given `signal` says that it was aborted. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === "AbortError"));
}
