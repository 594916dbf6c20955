import { join } from "node:path";
import type { ModelFolder } from "../checkpoint/model-folder";
import type { Config } from "../config/config-schema";
import { parseConfig } from "../config/load-config";
import type { ExampleSet, SplitIndices, SplitName, Task } from "../data/example-set";
import { restorePreprocessing } from "../data/preprocess/preprocessing";
import { openSource } from "../data/source-config";
import { splitExamples } from "../data/splits/split-examples";
import { targetNames } from "../data/target-names";
import { DataError } from "../shared/errors";
import { taskOf } from "../train/infer-task";
import type { TargetRows } from "./collect-forecasts";
import { locateData } from "./locate-data";

export interface EvaluationData {
  readonly config: Config;
  /** As the model takes it. */
  readonly set: ExampleSet;
  readonly task: Task;
  /** Forecasting: the columns that are forecast, row by row, in their own units. */
  readonly rows?: TargetRows;
  /** Which examples of the set are evaluated, ascending. */
  readonly examples: Int32Array;
  /** "all" for other data than the model was trained with, evaluated whole. */
  readonly split: SplitName | "all";
  /** How the model's own data is divided; undefined for other data. */
  readonly splits?: SplitIndices;
  /** For people. */
  readonly warnings: readonly string[];
}

export interface EvaluationDataRequest {
  readonly folder: ModelFolder;
  /** Other data than the config's; relative to the current folder. */
  readonly path?: string | undefined;
  readonly split?: SplitName | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Finds what a model is to be measured on: other data where `path` names some, else a split of what it was trained with, divided
 * as in training: `split`, or the test split, or the validation split where there is no other. Throws DataError where
 * there are no such examples, or their targets are not the model's.
 */
export async function openEvaluationData({
  folder,
  path,
  split,
  signal,
}: EvaluationDataRequest): Promise<EvaluationData> {
  const { description } = folder;
  const config = parseConfig(description.config, join(folder.path, "dlctl.json"));
  const data = path === undefined ? config.data : locateData(path, config.data);
  const opened = await openSource(data, {
    baseFolder: description.baseFolder,
    labels: description.labels ?? undefined,
    ...(signal ? { signal } : {}),
  });
  const { arrange } = restorePreprocessing(description.preprocessing);
  const { task } = description;
  requireSameTask(opened, task);
  const common = {
    config,
    task,
    ...(opened.windows && opened.targets.kind === "values" ? { rows: opened.targets } : {}),
  };
  if (path !== undefined) {
    const { chosen, splits } = choose(opened, split);
    const { set, splits: arranged } = arrange(opened, splits, config.data.cache);
    requireSameTargets(set, folder);
    return { ...common, set, examples: requireExamples(arranged.test), split: chosen, warnings: set.warnings };
  }
  const { indices } = splitExamples(opened, data.split, { task, seed: config.seed });
  const { set, splits } = arrange(opened, indices, config.data.cache);
  requireSameTargets(set, folder);
  const chosen = split ?? (splits.test.length > 0 ? "test" : "validation");
  const examples = splits[chosen];
  const warnings = [...set.warnings, ...changedData(set, folder)];
  if (split === undefined && chosen === "validation") {
    warnings.push("there is no test split; these are the validation examples, which training may have been chosen by");
  }
  if (examples.length > 0) return { ...common, set, examples, split: chosen, splits, warnings };
  throw new DataError(
    split === undefined
      ? "The model's data has neither a test nor a validation split"
      : `The model's data has no ${split} split`,
    { hint: "Name other data, or --split train: dlctl evaluate <model/> <folder>" },
  );
}

/**
 * All of other data, or the part of it that is in a `test`, `validation` or `train` folder or file of its own; whichever it
 * is, it is arranged as a test split.
 */
function choose(
  set: ExampleSet,
  split: SplitName | undefined,
): { readonly chosen: SplitName | "all"; readonly splits: SplitIndices } {
  const none = new Int32Array();
  const all = Int32Array.from({ length: set.count }, (_, index) => index);
  if (split === undefined) return { chosen: "all", splits: { train: none, validation: none, test: all } };
  const examples = all.filter((index) => (set.ownSplit(index) ?? "train") === split);
  if (examples.length > 0) return { chosen: split, splits: { train: none, validation: none, test: examples } };
  throw new DataError(`The data has no ${split} split of its own`, {
    hint: "Leave --split away to evaluate all of it.",
  });
}

function requireExamples(examples: Int32Array): Int32Array {
  if (examples.length > 0) return examples;
  throw new DataError("The data is too short for one of the model's windows", { hint: "Name data with more steps." });
}

function requireSameTask(set: ExampleSet, task: Task): void {
  const found = taskOf(set);
  if (found === task) return;
  throw new DataError(`The model was trained for ${task}, and the data is for ${found}`, {
    hint: "Name data that is laid out as the model's was.",
  });
}

function requireSameTargets({ targets }: ExampleSet, { description }: ModelFolder): void {
  const { labels, targets: names, task } = description;
  // Its labels are its tokenizer's tokens.
  if (task === "languageModel") return;
  const [expected, found] = [targets.kind === "values" ? names : labels, targetNames(targets)];
  if (expected && JSON.stringify(expected) === JSON.stringify(found)) return;
  const what = labels ? `the labels ${labels.join(", ")}` : `the values ${names?.join(", ")}`;
  throw new DataError(`The model predicts ${what}, and the data has ${found.join(", ")}`, {
    hint: "Name data with the same labels or targets.",
  });
}

/** The division is only that of training while the examples are the same. */
function changedData({ count }: ExampleSet, { description: { training } }: ModelFolder): string[] {
  const { train, validation, test } = training.examples;
  const then = train + validation + test;
  if (then === count) return [];
  return [`the data has ${count} examples, and had ${then} in training: some of these may have been trained on`];
}
