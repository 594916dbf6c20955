import { resolve } from "node:path";
import { type Checkpoint, readLastCheckpoint } from "../checkpoint/checkpoint";
import { openUnfinishedRun, type RunFolder } from "../checkpoint/run-folder";
import { type RunPlan, readRunPlan } from "../checkpoint/run-plan";
import { type Config, configSchema } from "../config/config-schema";
import type { Runtime } from "../runtime/start-runtime";
import { DataError, InterruptedError, ModelFolderError } from "../shared/errors";
import { describeConfigChange } from "./config-change";
import { dataSums, describeChange } from "./data-sums";
import type { TrainingEvents } from "./events";
import { isAbort } from "./is-abort";
import { openData } from "./open-data";
import { runToEnd } from "./run-to-end";
import { TrainingLoop } from "./training-loop";
import { setUpTraining } from "./training-setup";
import { describeVersionChanges } from "./version-changes";
import { trainingVersions } from "./versions";

/** An unfinished run, opened to go on with it. */
export interface ResumableRun {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly config: Config;
  /** For people, before it goes on. */
  readonly notes?: readonly string[];
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
export async function* resumeTraining(run: ResumableRun, runtime: Runtime, signal: AbortSignal): TrainingEvents {
  const { folder, plan, config, notes = [] } = run;
  try {
    const damaged: string[] = [];
    const checkpoint = await readLastCheckpoint(folder.checkpoints, (problem) => damaged.push(problem));
    for (const problem of damaged) yield { type: "warning", message: `${problem}; an older checkpoint is used` };
    for (const message of notes) yield { type: "note", message };
    const changes = await describeConfigChange(folder.path, plan);
    if (changes !== undefined) yield { type: "warning", message: changes };
    const others = describeVersionChanges(plan.versions, await trainingVersions(runtime, config.train));
    if (others !== undefined) yield { type: "warning", message: others };
    const data = await openData({ config, baseFolder: plan.baseFolder, record: plan.preprocessing }, signal);
    const sums = dataSums(data.set, data.contents);
    if (sums.all !== plan.dataFingerprint) {
      await data.inputs.close();
      const change = await describeChange(folder.path, data.set, sums);
      throw new DataError(`The data has changed since the run began: ${change}`, {
        hint: "Bring the data back as it was, or start anew with --overwrite.",
      });
    }
    const setup = await setUpTraining(config, data, async () => undefined);
    try {
      const loop = new TrainingLoop(setup);
      restore(loop, checkpoint, folder);
      yield* runToEnd({ folder, plan, setup, loop, runtime, resumedFrom: loop.state.position }, signal);
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

function restore(loop: TrainingLoop, checkpoint: Checkpoint, { path }: RunFolder): void {
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
