import type { ModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import type { Evaluation } from "../evaluate/evaluation";
import type { EvaluationData } from "../evaluate/open-evaluation-data";
import { describeData } from "./data/describe-data";
import { withPictures } from "./describe-evaluation";
import { PictureBudget } from "./picture-budget";
import { readFinishedRun } from "./read-run";
import type { ReportedRun } from "./reported-run";

interface DescribeRunRequest {
  readonly folder: ModelFolder;
  /** Its data, where that could be opened. */
  readonly data?: EvaluationData | undefined;
  /** What it does on the examples that `data` chose. */
  readonly evaluation?: Evaluation | undefined;
  /** What could not be found out and why, in sentences. */
  readonly missing?: readonly string[];
}

/** All that a report says of a finished model, on the running device. Throws ModelFolderError, and DataError where pictures that are to be shown can't be read. */
export async function describeRun({
  folder,
  data,
  evaluation,
  missing = [],
}: DescribeRunRequest): Promise<ReportedRun> {
  const run = await readFinishedRun(folder);
  const budget = new PictureBudget();
  return {
    ...run,
    evaluation: data && evaluation && (await withPictures(evaluation, data.set, budget)),
    // Other data than that of the training has no splits.
    data:
      data?.splits &&
      (await describeData({ ...data, splits: data.splits, preprocessing: modelPreprocessing(folder) }, budget)),
    missing: [...run.missing, ...missing],
  };
}
