import { readModelFolder } from "../checkpoint/model-folder";
import { evaluate } from "../evaluate/evaluate";
import type { Evaluation } from "../evaluate/evaluation";
import { type EvaluationData, openEvaluationData } from "../evaluate/open-evaluation-data";
import { describeRun } from "../report/describe-run";
import { reportPath, writeReport } from "../report/write-report";
import type { CommandContext } from "./context";

/** What training has told of how long a report would take. */
export interface ReportCosts {
  /** Until the first step: for opening and splitting the data, above all. */
  readonly openSeconds: number;
  readonly validationExamples: number;
  readonly parameters: number;
}

/** Nobody is to wait for a report longer than this, about; without it, curves, layers and config are there in a tenth of it. */
const mostSeconds = 0.8;
/** Reading the weights of more takes longer. */
const mostParameters = 25_000_000;

/**
 * Writes the report of a model that has just been trained, on the running device, with what can be measured on the validation examples in
 * less than a second: the test examples are left alone. The model is safe whatever happens: what fails is a warning.
 */
export async function reportTraining(context: CommandContext, model: string, costs: ReportCosts): Promise<void> {
  if (costs.parameters > mostParameters) {
    context.note(`no report was written, which takes a while for a large model: dlctl report ${model}`);
    return;
  }
  try {
    const file = reportPath(model);
    await writeReport([await describe(context, model, costs)], file);
    context.note(`report ${file}`);
  } catch (error) {
    context.warn(`the report was not written: ${(error as Error).message}`);
  }
}

async function describe(context: CommandContext, model: string, costs: ReportCosts) {
  const folder = await readModelFolder(model);
  const more = `\`dlctl report ${model}\` takes the time for all, and for what the worst mistakes hung on.`;
  if (costs.openSeconds > mostSeconds) {
    return describeRun({
      folder,
      missing: [`Data and evaluation are not in this report, as the data is large: ${more}`],
    });
  }
  const deadline = new AbortController();
  const stop = () => deadline.abort();
  const timer = setTimeout(stop, mostSeconds * 1000);
  context.signal.addEventListener("abort", stop);
  const { signal } = deadline;
  let data: EvaluationData | undefined;
  let evaluation: Evaluation | undefined;
  try {
    const split = costs.validationExamples > 0 ? "validation" : "train";
    data = await openEvaluationData({ folder, split, signal });
    if (split === "validation") evaluation = await evaluate({ folder, data, batchSize: 32, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", stop);
  }
  return describeRun({ folder, data, evaluation, missing: [`${missingPart(costs, evaluation)} ${more}`] });
}

function missingPart({ validationExamples }: ReportCosts, evaluation: Evaluation | undefined): string {
  if (evaluation)
    return "Measured on the validation examples, by which training may have been chosen; the test examples were left alone.";
  return validationExamples > 0
    ? "There was no time for an evaluation at the end of the training."
    : "There are no validation examples to evaluate the model on.";
}
