import { readModelFolder } from "../checkpoint/model-folder";
import type { SplitName } from "../data/example-set";
import { evaluate } from "../evaluate/evaluate";
import type { Evaluation } from "../evaluate/evaluation";
import { openEvaluationData } from "../evaluate/open-evaluation-data";
import type { DeviceRequest } from "../runtime/start-runtime";
import type { CommandContext } from "./context";
import { describeEvaluation } from "./describe-evaluation";
import { startDevice } from "./start-device";

export interface EvaluateOptions {
  readonly split?: SplitName;
  readonly batchSize?: number;
  readonly device?: DeviceRequest;
}

/** `dlctl evaluate`: how good a model is on examples whose truth is known. */
export async function evaluateCommand(
  context: CommandContext,
  modelPath: string,
  path: string | undefined,
  { split, batchSize = 32, device }: EvaluateOptions,
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
  await context.json(toJson(modelPath, evaluation));
}

function toJson(model: string, { split, examples, loss, metrics, details }: Evaluation): object {
  const { kind, ...rest } = details;
  // JSON has no NaN: a figure that is not defined becomes null.
  return { model, split, examples, loss, metrics, ...rest };
}
