import { checkValidationMonitors } from "../config/checks/check-monitors";
import type { Config } from "../config/config-schema";
import type { LoadedConfig } from "../config/load-config";
import type { SplitName } from "../data/example-set";
import type { ModelDescription } from "../model/describe-model";
import { ConfigError } from "../shared/errors";
import { resolveClassWeights } from "../train/class-weights";
import { type ModelFacts, modelFactsOf } from "../train/model-facts";
import type { TrainingData } from "../train/open-data";
import { examineModel } from "./examine-model";
import { isSameModel, planModelFacts } from "./plan-model-facts";
import { readSamples } from "./sample-examples";
import { withData } from "./with-data";

export interface ExaminedModel {
  readonly facts: ModelFacts;
  readonly description: ModelDescription;
}

/** What a config that is right in all that was checked describes. */
export interface ValidationReport {
  readonly name: string;
  /** Undefined where only the data could tell, and it was not to be looked at. */
  readonly model: ExaminedModel | undefined;
  /** Undefined when the data was not to be looked at. */
  readonly data: DataReport | undefined;
  /** For people. */
  readonly warnings: readonly string[];
}

interface DataReport {
  readonly examples: Readonly<Record<SplitName, number>>;
  /** How many examples were read all the way through preprocessing. */
  readonly samplesRead: number;
}

interface ValidateOptions {
  /** Also opens the data, and reads an example of each class. */
  readonly isWithData: boolean;
  readonly signal: AbortSignal;
}

/**
 * Checks all that can be checked of a loaded config without training: the shapes of its layers and, with data, that the data
 * is there, can be divided and read, and goes with the config. Throws ConfigError or DataError.
 */
export async function validateConfig(
  loaded: LoadedConfig,
  { isWithData, signal }: ValidateOptions,
): Promise<ValidationReport> {
  const { config } = loaded;
  const planned = planModelFacts(config);
  // Before the data is opened, which may take long or fail for reasons of its own.
  const model = typeof planned === "string" ? undefined : await examine(config, planned);
  if (isWithData) return withData(loaded, signal, (data) => validateData(config, data, model, signal));
  const warnings = typeof planned === "string" ? [`the layers' shapes were not checked: ${planned}`] : [];
  return { name: config.name, model, data: undefined, warnings };
}

async function validateData(
  config: Config,
  data: TrainingData,
  planned: ExaminedModel | undefined,
  signal: AbortSignal,
): Promise<ValidationReport> {
  const { set, splits, preprocessing, warnings } = data;
  const facts = modelFactsOf(set, preprocessing);
  const model = planned && isSameModel(planned.facts, facts) ? { ...planned, facts } : await examine(config, facts);
  const monitors = splits.validation.length > 0 ? [] : checkValidationMonitors(config);
  if (monitors.length > 0) throw new ConfigError(monitors);
  resolveClassWeights(config.train.classWeights, set.targets, splits);
  const examples = {
    train: splits.train.length,
    validation: splits.validation.length,
    test: splits.test.length,
  };
  return { name: config.name, model, data: { examples, samplesRead: await readSamples(data, signal) }, warnings };
}

async function examine(config: Config, facts: ModelFacts): Promise<ExaminedModel> {
  return { facts, description: await examineModel(config, facts) };
}
