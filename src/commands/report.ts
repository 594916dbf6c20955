import { statSync } from "node:fs";
import { findRun } from "../checkpoint/model-files";
import { type ModelFolder, readModelFolder } from "../checkpoint/model-folder";
import type { SplitName } from "../data/example-set";
import { evaluate } from "../evaluate/evaluate";
import type { Evaluation } from "../evaluate/evaluation";
import { type EvaluationData, openEvaluationData } from "../evaluate/open-evaluation-data";
import { describeRun } from "../report/describe-run";
import { readUnfinishedRun } from "../report/read-run";
import type { ReportedRun } from "../report/reported-run";
import { reportPath, writeReport } from "../report/write-report";
import type { DeviceRequest } from "../runtime/start-runtime";
import { DataError, UsageError } from "../shared/errors";
import type { CommandContext } from "./context";
import { formatBytes } from "./format-figures";
import { startDevice } from "./start-device";

export interface ReportOptions {
  /** The file to write; `run/report.html` in the folder of a single model by default. */
  readonly output?: string;
  readonly split?: SplitName;
  readonly batchSize?: number;
  readonly device?: DeviceRequest;
  /** False: only what the folder says; the data is not opened. */
  readonly data?: boolean;
}

/** Side by side more can't be told apart. */
const mostModels = 12;

/** `dlctl report`: what was learned, on one page; of several models side by side. */
export async function reportCommand(
  context: CommandContext,
  models: readonly string[],
  options: ReportOptions,
): Promise<void> {
  const file = options.output ?? defaultFile(models);
  if (models.length > mostModels) {
    throw new UsageError(`${models.length} models are too many to see side by side`, {
      hint: `Name ${mostModels} at most.`,
    });
  }
  // What is wrong with any is said before anything is computed.
  const found = [];
  for (const model of models) found.push(isUnfinished(model) ? model : await readModelFolder(model));
  await startDevice(context, options.device);
  const runs: ReportedRun[] = [];
  for (const each of found) {
    runs.push(typeof each === "string" ? await readUnfinishedRun(each) : await describe(context, each, options));
  }
  const bytes = await writeReport(runs, file);
  context.print(`The report is in ${file} (${formatBytes(bytes)})`);
  await context.json({
    report: file,
    bytes,
    models: runs.map(({ path, state, evaluation, missing }) => ({
      model: path,
      state,
      evaluated: evaluation ? { split: evaluation.split, examples: evaluation.examples } : null,
      missing,
    })),
  });
}

function defaultFile(models: readonly string[]): string {
  const [model] = models;
  if (models.length === 1 && model !== undefined) return reportPath(model);
  throw new UsageError("A report of several models belongs to none of their folders", {
    hint: "Name the file to write: --output comparison.html",
  });
}

/** A run without a model, which a report can show as far as it is. */
function isUnfinished(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  const found = findRun(path);
  return found.state === "unfinished" && found.home === path;
}

async function describe(context: CommandContext, folder: ModelFolder, options: ReportOptions): Promise<ReportedRun> {
  const missing: string[] = [];
  const data = await openData(context, folder, options, missing);
  const evaluation = data && (await evaluateOn(context, folder, data, options, missing));
  for (const sentence of missing) context.warn(`${folder.path}: ${sentence}`);
  return describeRun({ folder, data, evaluation, explained: { signal: context.signal }, missing });
}

async function openData(
  { signal }: CommandContext,
  folder: ModelFolder,
  { split, data = true }: ReportOptions,
  missing: string[],
): Promise<EvaluationData | undefined> {
  if (!data) return undefined;
  try {
    return await openEvaluationData({ folder, split, signal });
  } catch (error) {
    // A split that was asked for must be there; else a report says what is to be said without it.
    if (!(error instanceof DataError) || split !== undefined) throw error;
    missing.push(`The model was not evaluated, and its data is not shown: ${error.message}`);
    return undefined;
  }
}

async function evaluateOn(
  context: CommandContext,
  folder: ModelFolder,
  data: EvaluationData,
  { batchSize = 32, split }: ReportOptions,
  missing: string[],
): Promise<Evaluation | undefined> {
  const progress = context.progress(`Evaluating ${folder.path}`, data.examples.length);
  const onProgress = (done: number) => progress.update(done);
  try {
    return await evaluate({ folder, data, batchSize, signal: context.signal, onProgress });
  } catch (error) {
    if (!(error instanceof DataError) || split !== undefined) throw error;
    missing.push(`The model was not evaluated: ${error.message}`);
    return undefined;
  } finally {
    progress.finish();
  }
}
