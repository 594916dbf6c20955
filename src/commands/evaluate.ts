import { type ModelFolder, readModelFolder } from "../checkpoint/model-folder";
import type { SplitName } from "../data/example-set";
import { evaluate } from "../evaluate/evaluate";
import type { Evaluation } from "../evaluate/evaluation";
import { type EvaluationData, openEvaluationData } from "../evaluate/open-evaluation-data";
import type { DeviceRequest } from "../runtime/start-runtime";
import type { CommandContext } from "./context";
import { describeEvaluation } from "./describe-evaluation";
import { formatBytes } from "./format-figures";
import { startDevice } from "./start-device";

export interface EvaluateOptions {
  readonly split?: SplitName;
  readonly batchSize?: number;
  readonly device?: DeviceRequest;
  /** The file to write; true: the report of the model's folder. */
  readonly report?: string | true;
}

/** `dlctl evaluate`: how good a model is on examples whose truth is known. */
export async function evaluateCommand(
  context: CommandContext,
  modelPath: string,
  path: string | undefined,
  { split, batchSize = 32, device, report }: EvaluateOptions,
): Promise<void> {
  const { signal } = context;
  const folder = await readModelFolder(modelPath);
  const data = await openEvaluationData({ folder, path, split, signal });
  for (const warning of data.warnings) context.warn(warning);
  await startDevice(context, device);
  const progress = context.progress("Evaluating", data.examples.length);
  const onProgress = (done: number) => progress.update(done);
  const evaluation = await evaluate({ folder, data, batchSize, signal, onProgress }).finally(() => progress.finish());
  for (const line of describeEvaluation(modelPath, evaluation)) context.print(line);
  const json = toJson(modelPath, evaluation);
  if (report === undefined) return context.json(json);
  try {
    const { file, bytes } = await writeEvaluationReport(report, folder, { data, evaluation, explained: { signal } });
    context.print(`\nThe report is in ${file} (${formatBytes(bytes)})`);
    await context.json({ ...json, report: file });
  } catch (error) {
    // What was measured is not lost with a file that can't be written.
    await context.json({ ...json, report: null });
    throw error;
  }
}

function toJson(model: string, { split, examples, loss, metrics, details, confidence }: Evaluation): object {
  const { kind, ...rest } = details;
  // JSON has no NaN: a figure that is not defined becomes null.
  return { model, split, examples, loss, metrics, ...rest, confidence };
}

async function writeEvaluationReport(
  report: string | true,
  folder: ModelFolder,
  measured: {
    readonly data: EvaluationData;
    readonly evaluation: Evaluation;
    readonly explained: { signal: AbortSignal };
  },
): Promise<{ readonly file: string; readonly bytes: number }> {
  // Charts are loaded only where one is drawn.
  const { describeRun } = await import("../report/describe-run.js");
  const { reportPath, writeReport } = await import("../report/write-report.js");
  const file = report === true ? reportPath(folder.path) : report;
  return { file, bytes: await writeReport([await describeRun({ folder, ...measured })], file) };
}
