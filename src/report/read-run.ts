import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findRun, modelFiles } from "../checkpoint/model-files";
import type { ModelFolder } from "../checkpoint/model-folder";
import { runFiles } from "../checkpoint/run-folder";
import { type RunPlan, readRunPlan } from "../checkpoint/run-plan";
import { modelDiagram } from "../inspect/model-diagram";
import { describeModel } from "../model/describe-model";
import { type HistoryEntry, readHistory } from "../train/history";
import type { ReportedModel, ReportedRun } from "./reported-run";

/**
 * What a finished model's folder says of it. Layers are those of the model, which is built for it on the running device and disposed.
 * Throws ModelFolderError where the folder is damaged.
 */
export async function readFinishedRun(folder: ModelFolder): Promise<ReportedRun> {
  const { name, task, training, metrics, config, versions } = folder.description;
  const run = join(folder.path, modelFiles.run);
  const plan = existsSync(join(run, runFiles.plan)) ? await readRunPlan(run) : undefined;
  const history = await readHistory(run);
  return {
    path: folder.path,
    name,
    state: "finished",
    history,
    best: await bestOf(run, config, history),
    trained: { ...training, task, epoch: metrics.epoch, metrics: metrics.values },
    config,
    origin: plan && originOf(plan),
    versions,
    model: await layersOf(folder),
    missing: history.length > 0 ? [] : ["The folder has no history of the training: run/ is not there."],
  };
}

/** What is known of a run that is going on, or was stopped. Throws ModelFolderError where it is damaged. */
export async function readUnfinishedRun(path: string): Promise<ReportedRun> {
  const found = findRun(path);
  const run = found.state === "unfinished" ? found.run : join(path, modelFiles.run);
  const plan = await readRunPlan(run);
  const history = await readHistory(run);
  return {
    path,
    name: String(plan.config.name),
    state: "unfinished",
    history,
    best: await bestOf(run, plan.config, history),
    config: plan.config,
    origin: originOf(plan),
    versions: plan.versions,
    missing: [
      "The run is not finished: there is no model to evaluate or to draw yet. `dlctl train --resume` goes on with it.",
    ],
  };
}

const originOf = ({ configPath, overrides, initFrom }: RunPlan) => ({ configPath, overrides, initFrom });

async function layersOf(folder: ModelFolder): Promise<ReportedModel> {
  const model = await folder.loadModel();
  try {
    const description = describeModel(model);
    return { ...description, diagram: modelDiagram(description, { title: `Layers of ${folder.description.name}` }) };
  } finally {
    model.dispose();
  }
}

/** Training keeps the best epoch's weights beside its checkpoints, under the epoch's number. */
async function bestOf(run: string, config: ReportedRun["config"], history: readonly HistoryEntry[]) {
  const names = await readdir(join(run, runFiles.checkpoints)).catch(() => []);
  const epochs = names.flatMap((name) => /^best-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const epoch = Math.max(...epochs);
  const figure = monitoredFigure(config, history);
  return history[epoch - 1]?.metrics[figure] === undefined ? undefined : { figure, epoch };
}

/** As training takes it: what the config names, else what early stopping restores the best of, else the loss. */
function monitoredFigure({ train }: ReportedRun["config"], [first]: readonly HistoryEntry[]): string {
  const { monitor, earlyStopping } = Object(train) as {
    readonly monitor?: string;
    readonly earlyStopping?: { readonly monitor: string; readonly restoreBest: boolean };
  };
  const usual = first && "val_loss" in first.metrics ? "val_loss" : "loss";
  return monitor ?? (earlyStopping?.restoreBest ? earlyStopping.monitor : usual);
}
