import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../shared/errors";
import { clearTemporaries, syncFolder } from "./atomic-file";
import { writing } from "./explain-write-error";
import { findRun, modelFiles, newRunHome } from "./model-files";
import { removeLeftover } from "./remove-leftover";
import { settleModelFolder } from "./replace-model";
import { isLocked, type RunLock, requireUnlocked, takeRunLock } from "./run-lock";

/** Names in the folder of a run. */
export const runFiles = {
  given: "config.json",
  plan: "resolved.json",
  checkpoints: "checkpoints",
  tensorBoard: "tensorboard",
  /** Which of MLflow's runs it is. */
  mlflow: "mlflow.json",
  skipped: "skipped.jsonl",
  lock: "lock",
  history: "history.jsonl",
  /** Of each example, to tell which have changed. */
  dataSums: "data-sums.bin",
} as const;

/** A run on disk that this process works on. */
export interface RunFolder {
  /** The model folder that it will become. */
  readonly model: string;
  /** Where its model files will be written: `model`, or `next` in it. */
  readonly home: string;
  readonly path: string;
  readonly checkpoints: string;
  readonly lock: RunLock;
  /** The outermost folder that was made for it; undefined when it was all there. */
  readonly made?: string | undefined;
}

/** The folder of a run before it is seen under its name. */
export interface RunDraft {
  readonly path: string;
  /** Makes it the run of the model folder, at once. An unfinished run there is taken away only now. */
  publish(): Promise<RunFolder>;
  /** Leaves nothing behind; no effect once published. */
  discard(): Promise<void>;
}

/**
 * Refuses a folder where a new run must not start: one with an unfinished run (unless it is to be overwritten), or with
 * files of the same names that are not dlctl's. Throws UsageError.
 */
export async function requireRoomForRun(model: string, isOverwriting: boolean): Promise<void> {
  await settleModelFolder(model);
  const found = findRun(model);
  if (found.state === "unfinished") {
    if (!existsSync(join(found.run, runFiles.plan))) throw foreign(model, found.run);
    await requireUnlocked(join(found.run, runFiles.lock), model);
    if (isOverwriting) return;
    throw new UsageError(`There is an unfinished run in ${model}`, {
      hint: `Go on with it: dlctl train --resume ${model}; or discard it with --overwrite.`,
    });
  }
  if (found.state === "finished") return;
  for (const name of [modelFiles.topology, modelFiles.weights]) {
    if (existsSync(join(model, name))) throw foreign(model, join(model, name));
  }
}

function foreign(model: string, path: string): UsageError {
  return new UsageError(`${model} holds files that are not of a dlctl model: ${path}`, {
    hint: "Name another folder with --out.",
  });
}

/** Begins a run for the folder `model`, which need not exist. Throws EnvironmentError when it can't be written. */
export async function draftRun(model: string): Promise<RunDraft> {
  const home = newRunHome(model);
  const { path, made } = await writing(model, async () => {
    const made = await mkdir(home, { recursive: true });
    await clearDeadDrafts(home);
    return { path: await mkdtemp(join(home, ".run-")), made };
  });
  const lock = await beginDraft(path, model).catch(async (error: unknown) => {
    await discardDraft(path, home, made);
    throw error;
  });
  let isPublished = false;
  return {
    path,
    publish: async () => {
      const run = join(home, modelFiles.run);
      await writing(run, () => putInPlace(path, model, home));
      isPublished = true;
      lock.moveTo(join(run, runFiles.lock));
      return { model, home, path: run, checkpoints: join(run, runFiles.checkpoints), lock, made };
    },
    discard: async () => {
      if (isPublished) return;
      await lock.release();
      await discardDraft(path, home, made);
    },
  };
}

async function beginDraft(path: string, model: string): Promise<RunLock> {
  return writing(path, async () => {
    const lock = await takeRunLock(join(path, runFiles.lock), model);
    await mkdir(join(path, runFiles.checkpoints));
    return lock;
  });
}

async function discardDraft(path: string, home: string, made: string | undefined): Promise<void> {
  await removeLeftover(path);
  await removeMade(home, made);
}

/** Takes away a run that holds nothing worth going on from, and the folders that were made for it. Its lock is released. */
export async function discardRun({ path, home, made }: RunFolder): Promise<void> {
  await removeLeftover(path);
  await removeMade(home, made);
}

/** Removes `folder` and those around it up to `made`, as far as they are empty. */
async function removeMade(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let each = folder; each.startsWith(made); each = dirname(each)) await removeIfEmpty(each);
}

async function putInPlace(draft: string, model: string, home: string): Promise<void> {
  const run = join(home, modelFiles.run);
  const found = findRun(model);
  if (found.state === "unfinished") {
    const aside = `${draft}-replaced`;
    await rename(found.run, aside);
    await rename(draft, run);
    await rm(aside, { recursive: true, force: true });
    // What it had written of a model, if it was killed while it did.
    for (const name of [modelFiles.topology, modelFiles.weights]) await rm(join(found.home, name), { force: true });
  } else {
    await rename(draft, run);
  }
  await syncFolder(home);
}

/** Drafts, runs set aside, and files half written that killed processes left. */
async function clearDeadDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(".run-")) continue;
    const path = join(home, name);
    if (!(await isLocked(join(path, runFiles.lock)))) await rm(path, { recursive: true, force: true });
  }
  await clearTemporaries(home);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}

/**
 * Opens the unfinished run of a model folder to go on with it. Throws UsageError when there is none, it is finished, or
 * another process works on it.
 */
export async function openUnfinishedRun(model: string): Promise<RunFolder> {
  await settleModelFolder(model);
  const found = findRun(model);
  if (found.state === "finished") {
    throw new UsageError(`The training in ${model} is finished; there is nothing to resume`, {
      hint: `More epochs of the same run: dlctl train --extend ${model} --epochs <how many in all>. A new run from its weights: dlctl train <config.json> --init-from ${model}.`,
    });
  }
  if (found.state === "none") {
    throw new UsageError(`There is no run in ${model} to resume`, {
      hint: "Give the model folder that `dlctl train` was writing.",
    });
  }
  const lock = await writing(found.run, () => takeRunLock(join(found.run, runFiles.lock), model));
  const checkpoints = join(found.run, runFiles.checkpoints);
  for (const folder of [found.home, found.run, checkpoints]) await clearTemporaries(folder);
  return { model, home: found.home, path: found.run, checkpoints, lock };
}
