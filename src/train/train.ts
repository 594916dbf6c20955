import { resolve } from "node:path";
import { writeCheckpoint } from "../checkpoint/checkpoint";
import { draftRun, requireRoomForRun, runFiles } from "../checkpoint/run-folder";
import { type RunPlan, writeRunPlan } from "../checkpoint/run-plan";
import { writeSkipped } from "../checkpoint/write-skipped";
import type { Config } from "../config/config-schema";
import type { Runtime } from "../runtime/start-runtime";
import { computingThreads } from "../runtime/threads";
import { InterruptedError } from "../shared/errors";
import { dataSums, writeDataSums } from "./data-sums";
import type { TrainingEvents } from "./events";
import { initializeFrom } from "./init-from";
import { isAbort } from "./is-abort";
import { openData } from "./open-data";
import { runToEnd } from "./run-to-end";
import { TrainingLoop } from "./training-loop";
import { setUpTraining } from "./training-setup";
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

/**
 * Trains a new model and writes it to its folder. A finished model there is replaced when all has succeeded, and not
 * before. Yields what happens; throws UserErrors; prints nothing. Aborting `signal` ends it after the step, with a
 * checkpoint, by InterruptedError.
 */
export async function* train(request: TrainRequest, signal: AbortSignal): TrainingEvents {
  const model = resolve(request.model);
  const { config, runtime, baseFolder, initFrom } = request;
  await requireRoomForRun(model, request.isOverwriting);
  const draft = await draftRun(model);
  try {
    const data = await openData({ config, baseFolder, record: undefined }, signal);
    const notes: string[] = [];
    const setup = await setUpTraining(config, data, async (built) => {
      if (initFrom === undefined) return;
      const { taken, left } = await initializeFrom(initFrom, built);
      notes.push(`weights taken from ${initFrom}: ${taken.join(", ")}`);
      if (left.length > 0) notes.push(`weights not taken: ${left.join(", ")}`);
    });
    try {
      notes.push(...data.facts);
      for (const message of data.warnings) yield { type: "warning", message };
      // Without libtensorflow nothing is compiled, and the line about the device says so already.
      if (setup.engineObstacle && runtime.device !== "js") notes.push(`steps run op by op: ${setup.engineObstacle}`);
      for (const message of notes) yield { type: "note", message };
      const sums = dataSums(data.set, data.contents);
      const plan: RunPlan = {
        config: { ...config },
        baseFolder: resolve(baseFolder),
        configPath: resolve(request.configPath),
        overrides: [...request.overrides],
        initFrom: initFrom === undefined ? null : resolve(initFrom),
        preprocessing: data.preprocessing.record,
        dataFingerprint: sums.all,
        threads: computingThreads(),
        versions: await trainingVersions(runtime, config.train),
      };
      const loop = new TrainingLoop(setup);
      await writeRunPlan(draft.path, request.given, plan);
      await writeDataSums(draft.path, sums);
      await writeSkipped(draft.path, data.set.skipped);
      await writeCheckpoint(`${draft.path}/${runFiles.checkpoints}`, loop.state.snapshot());
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
