import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readBestWeights, readLastCheckpoint, writeBestWeights, writeCheckpoint } from "../checkpoint/checkpoint";
import { writing } from "../checkpoint/explain-write-error";
import { findRun, modelFiles } from "../checkpoint/model-files";
import { settleModelFolder } from "../checkpoint/replace-model";
import { draftRun, runFiles } from "../checkpoint/run-folder";
import { type RunPlan, readGivenConfig, readRunPlan, writeRunPlan } from "../checkpoint/run-plan";
import { type Config, configSchema } from "../config/config-schema";
import { ModelFolderError, UsageError } from "../shared/errors";
import type { ResumableRun } from "./resume-training";

/**
 * Makes of the finished run in a model folder an unfinished one of `epochs` epochs in all, which `resumeTraining` goes on with: weights,
 * optimizer, history and the best epoch are those of the finished one, which stays in its place until the longer one has succeeded. A run
 * that had stopped early may go on. Throws UsageError where there is no finished run, or it has as many epochs.
 */
export async function extendRun(path: string, epochs: number): Promise<ResumableRun> {
  const model = resolve(path);
  await settleModelFolder(model);
  requireFinished(model, path);
  const old = join(model, modelFiles.run);
  const plan = await readRunPlan(old);
  const config = withEpochs(plan, epochs, path);
  const checkpoints = join(old, runFiles.checkpoints);
  const { state, ...tensors } = await readLastCheckpoint(checkpoints, (problem) => {
    throw new ModelFolderError(`${problem}, and the run can't be extended without it`);
  });
  if (epochs <= state.epoch) {
    throw new UsageError(`The run in ${path} has trained ${state.epoch} epochs already`, {
      hint: `--epochs says how many it is to have in all: give more than ${state.epoch}.`,
    });
  }
  const draft = await draftRun(model);
  try {
    const extended: RunPlan = { ...plan, config: { ...config } };
    await writeRunPlan(draft.path, await readGivenConfig(old), extended);
    for (const name of [runFiles.history, runFiles.dataSums, runFiles.skipped, runFiles.tensorBoard, runFiles.mlflow]) {
      const target = join(draft.path, name);
      await writing(target, () => copyIfThere(join(old, name), target));
    }
    const drafted = join(draft.path, runFiles.checkpoints);
    if (state.best) {
      await writeBestWeights(drafted, state.best.epoch, await readBestWeights(checkpoints, state.best.folder));
    }
    const { earlyStopping } = state;
    const isStopped = earlyStopping?.isStopped ?? false;
    const goesOn = isStopped ? { ...state, earlyStopping: { ...earlyStopping, wait: 0, isStopped: false } } : state;
    await writeCheckpoint(drafted, { state: goesOn as typeof state, ...tensors });
    return { folder: await draft.publish(), plan: extended, config, notes: notesOn(config) };
  } finally {
    await draft.discard();
  }
}

function requireFinished(model: string, path: string): void {
  const { state } = findRun(model);
  if (state === "unfinished") {
    throw new UsageError(`The run in ${path} is not finished`, {
      hint: `Finish it first: dlctl train --resume ${path}`,
    });
  }
  if (state === "none") {
    throw new UsageError(`There is no run in ${path} to extend`, {
      hint: "Give the model folder that `dlctl train` has written.",
    });
  }
}

function withEpochs({ config }: RunPlan, epochs: number, path: string): Config {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    throw new ModelFolderError(`The config of the run in ${path} is not one that this version of dlctl reads`, {
      hint: `Start a new run from its weights: dlctl train <config.json> --init-from ${path}`,
    });
  }
  return { ...parsed.data, train: { ...parsed.data.train, epochs } };
}

/** A plateau is found by what happens; other schedules are functions of the step, and most of the number of steps. */
function notesOn({ train: { schedule } }: Config): string[] {
  if (schedule === undefined || schedule.type === "reduceOnPlateau") return [];
  return [`the learning rate goes on as ${schedule.type} has it for a run of that many epochs from the start`];
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await cp(from, to, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
