import type { Config } from "../config/config-schema";
import { classCounts, describeImbalance } from "../data/class-balance";
import { contentSums } from "../data/content-sums";
import type { EncodedInputs } from "../data/encoded-inputs";
import type { ExampleSet, SplitIndices, Task } from "../data/example-set";
import { fitPreprocessing, type Preprocessing, restorePreprocessing } from "../data/preprocess/preprocessing";
import { openSource } from "../data/source-config";
import { splitExamples } from "../data/splits/split-examples";
import { DataError } from "../shared/errors";
import { dataWarnings } from "./data-warnings";
import { inferTask } from "./infer-task";

/** The data of a run, split and preprocessed. */
export interface TrainingData {
  readonly task: Task;
  readonly set: ExampleSet;
  readonly splits: SplitIndices;
  readonly preprocessing: Preprocessing;
  /** The caller closes it. */
  readonly inputs: EncodedInputs;
  /** A sum over the content of each example, where examples have one: see `contentSums`. */
  readonly contents?: Uint8Array | undefined;
  /** For people. */
  readonly warnings: readonly string[];
  /** What was found of the inputs, in sentences for people. */
  readonly facts: readonly string[];
}

interface DataRequest {
  readonly config: Config;
  readonly baseFolder: string;
  /** What a run that is resumed has fitted; undefined: fitted now, on the training split. */
  readonly record: unknown;
}

/** Opens, splits and preprocesses what `config.data` names. Throws DataError or ConfigError for what is not fit. */
export async function openData(
  { config, baseFolder, record }: DataRequest,
  signal: AbortSignal,
): Promise<TrainingData> {
  const { data, seed } = config;
  const opened = await openSource(data, { baseFolder, signal });
  const task = inferTask(config.task, opened);
  const { indices, warnings } = splitExamples(opened, data.split, { task, seed });
  signal.throwIfAborted();
  const preprocessing =
    record === undefined
      ? await fitPreprocessing(data.preprocess, opened, indices.train, { cache: data.cache })
      : restorePreprocessing(record);
  signal.throwIfAborted();
  const { set, splits, warnings: arranging } = preprocessing.arrange(opened, indices, data.cache);
  requireClasses(set);
  const contents = await contentSums(set.inputs, signal);
  const inputs = preprocessing.encode(set.inputs, { origin: (index) => set.origin(index), cache: data.cache });
  return {
    task,
    set,
    splits,
    preprocessing,
    inputs,
    warnings: [
      ...set.warnings,
      ...warnings,
      ...arranging,
      ...describeSplits(set, splits),
      ...dataWarnings(set, splits, contents),
    ],
    contents,
    facts: preprocessing.facts,
  };
}

function requireClasses({ targets }: ExampleSet): void {
  if (targets.kind === "values" || targets.labels.length > 1) return;
  throw new DataError(`There is only one class in the data: "${targets.labels[0]}"`, {
    hint: "Add examples of what it is to be told apart from.",
  });
}

function describeSplits({ targets }: ExampleSet, splits: SplitIndices): string[] {
  const noValidation =
    'there is no validation data: add "split": { "validation": 0.1 } to data to see how well it learns';
  const general = splits.validation.length === 0 ? [noValidation] : [];
  if (targets.kind !== "class") return general;
  const { labels } = targets;
  const counts = classCounts(targets, splits).train;
  const absent = labels.filter((_, index) => counts[index] === 0);
  const imbalance = describeImbalance(labels, counts);
  const names = absent.map((label) => `"${label}"`).join(", ");
  return [
    ...(absent.length > 0 ? [`no training example is of ${names}: the model can't learn to predict it`] : []),
    ...(imbalance === undefined ? [] : [imbalance]),
    ...general,
  ];
}
