import { existsSync } from "node:fs";
import { join } from "node:path";

/** Names in a model folder. */
export const modelFiles = {
  description: "dlctl.json",
  topology: "model.json",
  weights: "weights.bin",
  /** For plain TensorFlow.js, where the model has layers of dlctl's own; never run by dlctl. */
  layers: "dlctl-layers.js",
  run: "run",
  /** Where a run that is to replace a finished model lives until it succeeds: a model folder in the making. */
  next: "next",
} as const;

/** Where the run of a model folder is, and how far. */
export type RunState =
  | { readonly state: "none" }
  /** `home` is the model folder itself, or `next` in it where a finished model is to be replaced. */
  | { readonly state: "unfinished"; readonly home: string; readonly run: string }
  | { readonly state: "finished" };

/** A model folder is finished when its dlctl.json is there, which is written last. */
export function hasFinishedModel(folder: string): boolean {
  return existsSync(join(folder, modelFiles.description));
}

export function findRun(folder: string): RunState {
  for (const home of [join(folder, modelFiles.next), folder]) {
    const run = join(home, modelFiles.run);
    if (existsSync(run) && !hasFinishedModel(home)) return { state: "unfinished", home, run };
  }
  return { state: hasFinishedModel(folder) ? "finished" : "none" };
}

/** Where a new run for `folder` must live, so that a finished model there stays usable. */
export function newRunHome(folder: string): string {
  return hasFinishedModel(folder) ? join(folder, modelFiles.next) : folder;
}
