import { unknownLabels } from "../config/checks/check-data";
import type { LoadedConfig } from "../config/load-config";
import { classCounts, describeImbalance } from "../data/class-balance";
import type { ExampleSet, SplitIndices } from "../data/example-set";
import { fitPreprocessing, type Preprocessing } from "../data/preprocess/preprocessing";
import { openSource } from "../data/source-config";
import { splitExamples } from "../data/splits/split-examples";
import { ConfigError } from "../shared/errors";
import type { ModelFacts } from "./plan-model-facts";

/** The data of a config, opened, divided, and its preprocessing fitted; nothing but image headers is decoded yet. */
export interface ReadData {
  readonly set: ExampleSet;
  readonly splits: SplitIndices;
  readonly preprocessing: Preprocessing;
  readonly facts: ModelFacts;
  /** For people. */
  readonly warnings: readonly string[];
}

/** Opens the data that a config names. Throws DataError for data that is missing or unfit, ConfigError for what doesn't go with it. */
export async function readData({ config, baseFolder }: LoadedConfig, signal?: AbortSignal): Promise<ReadData> {
  const { data, train, seed } = config;
  const set = await openSource(data, { baseFolder, signal });
  const { targets } = set;
  const task = targets.kind === "class" ? "classification" : "regression";
  const { indices: splits, warnings } = splitExamples(set, data.split, { task, seed });
  const labels = targets.kind === "class" ? targets.labels : undefined;
  const wrongWeights = labels && train.classWeights ? unknownLabels(train.classWeights, labels) : [];
  if (wrongWeights.length > 0) throw new ConfigError(wrongWeights);
  const preprocessing = await fitPreprocessing(data.preprocess, set, splits.train);
  return {
    set,
    splits,
    preprocessing,
    facts: {
      task,
      input: preprocessing,
      labels,
      targets: targets.kind === "values" ? targets.names : undefined,
    },
    warnings: [...set.warnings, ...warnings, ...classWarnings(set, splits)],
  };
}

function classWarnings({ targets }: ExampleSet, splits: SplitIndices): string[] {
  if (targets.kind !== "class") return [];
  const counts = classCounts(targets, splits).train;
  const missing = targets.labels.filter((_, index) => counts[index] === 0);
  const imbalance = describeImbalance(targets.labels, counts);
  return [
    ...(missing.length > 0 ? [`no training example is of the class ${missing.join(", ")}`] : []),
    ...(imbalance ? [imbalance] : []),
  ];
}
