import type { ModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import type { Evaluation } from "../evaluate/evaluation";
import type { EvaluationData } from "../evaluate/open-evaluation-data";
import { DataError } from "../shared/errors";
import { describeData } from "./data/describe-data";
import { withPictures } from "./describe-evaluation";
import { PictureBudget } from "./picture-budget";
import { readFinishedRun } from "./read-run";
import { explainMistakes } from "./reasons/explain-mistakes";
import type { ReportedData, ReportedRun } from "./reported-run";

interface DescribeRunRequest {
  readonly folder: ModelFolder;
  /** Its data, where that could be opened. */
  readonly data?: EvaluationData | undefined;
  /** What it does on the examples that `data` chose. */
  readonly evaluation?: Evaluation | undefined;
  /** Whether the worst mistakes are explained, which may take half a minute; `signal` stops it. */
  readonly explained?: { readonly signal: AbortSignal } | undefined;
  /** What could not be found out and why, in sentences. */
  readonly missing?: readonly string[];
}

/** For what mistakes hung on: of most models it takes one or two; of the largest there are fewer then. */
const mostSeconds = 30;

/** All that a report says of a finished model, on the running device. Throws ModelFolderError. */
export async function describeRun({
  folder,
  data,
  evaluation,
  explained,
  missing = [],
}: DescribeRunRequest): Promise<ReportedRun> {
  const run = await readFinishedRun(folder);
  const budget = new PictureBudget();
  const described = data && (await describe(folder, data, budget));
  const unreadable = typeof described === "string" ? [described] : [];
  const shown = data && evaluation && (await withPictures(evaluation, data.set, budget));
  const measured = data && evaluation && explained && { folder, data, evaluation, budget };
  const reasons = measured && (await explainMistakes({ ...measured, ...explained, seconds: mostSeconds }));
  return {
    ...run,
    evaluation: shown && { ...shown, reasons },
    data: typeof described === "string" ? undefined : described,
    missing: [...run.missing, ...missing, ...unreadable],
  };
}

/** A sentence where examples can't be read any more; undefined for other data than that of the training, which has no splits. */
async function describe(
  folder: ModelFolder,
  { splits, ...data }: EvaluationData,
  budget: PictureBudget,
): Promise<ReportedData | string | undefined> {
  if (!splits) return undefined;
  try {
    return await describeData({ ...data, splits, preprocessing: modelPreprocessing(folder) }, budget);
  } catch (error) {
    if (error instanceof DataError) return `The data is not shown: ${error.message}`;
    throw error;
  }
}
