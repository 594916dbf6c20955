import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readLastCheckpoint } from "../checkpoint/checkpoint";
import { findRun, modelFiles } from "../checkpoint/model-files";
import { readModelFolder } from "../checkpoint/model-folder";
import type { NamedTensor } from "../checkpoint/model-weights";
import { runFiles } from "../checkpoint/run-folder";
import { readRunPlan } from "../checkpoint/run-plan";
import { ModelFolderError } from "../shared/errors";
import { type HistoryEntry, readHistory } from "../train/history";
import { readWeights } from "./read-weights";

/** What two models or runs are compared by. */
export interface Comparable {
  readonly path: string;
  readonly state: "finished" | "unfinished";
  /** Resolved, every default filled in. */
  readonly config: unknown;
  /** Labels or names of values, what goes in, how many examples each split has, and the sum over the data. */
  readonly data: unknown;
  readonly preprocessing: unknown;
  /** Layers and how they are joined; undefined for a run, which has none yet. */
  readonly topology: unknown;
  readonly weights: readonly NamedTensor[];
  /** Figures of these weights by name; empty for a run. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly history: readonly HistoryEntry[];
  /** Device, engine and versions: what may explain a difference and is none. */
  readonly environment: unknown;
}

/**
 * Reads a finished model, or the newest whole checkpoint of an unfinished run. Throws ModelFolderError naming what is
 * damaged or missing.
 */
export async function readComparable(path: string): Promise<Comparable> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const found = isFolder ? findRun(path) : undefined;
  const isRunAlone = found?.state === "unfinished" && !existsSync(join(path, modelFiles.description));
  return isRunAlone ? readRun(path, found.run) : readModel(path);
}

async function readModel(path: string): Promise<Comparable> {
  const { description, readContents } = await readModelFolder(path);
  const { task, labels, targets, input, training, config, preprocessing, metrics, versions } = description;
  const { topology, weights } = await readContents();
  const run = join(path, modelFiles.run);
  const plan = existsSync(join(run, runFiles.plan)) ? await readRunPlan(run) : undefined;
  return {
    path,
    state: "finished",
    config,
    data: {
      task,
      labels,
      targets,
      input,
      examples: training.examples,
      sum: plan?.dataFingerprint ?? null,
    },
    preprocessing,
    topology: topology.modelTopology,
    weights: readWeights(weights, topology.weightsManifest[0].weights),
    metrics: { epoch: metrics.epoch, ...metrics.values },
    history: await readHistory(run),
    environment: { device: training.device, engine: training.engine, threads: plan?.threads, ...versions },
  };
}

async function readRun(path: string, run: string): Promise<Comparable> {
  const { config, dataFingerprint, preprocessing, threads, versions } = await readRunPlan(run);
  const checkpoints = join(run, runFiles.checkpoints);
  const { state, weights } = await readLastCheckpoint(checkpoints, (problem) => {
    throw new ModelFolderError(problem, {
      hint: `Finish the run, which goes on from an older one: dlctl train --resume ${path}`,
    });
  });
  const history = await readHistory(run);
  return {
    path,
    state: "unfinished",
    config,
    data: { sum: dataFingerprint },
    preprocessing,
    topology: undefined,
    weights,
    metrics: {},
    history: history.slice(0, state.epoch),
    environment: { threads, ...versions },
  };
}
