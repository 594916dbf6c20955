import { checkValidationMonitors } from "../config/checks/check-monitors";
import type { LoadedConfig } from "../config/load-config";
import type { SplitName } from "../data/example-set";
import type { ModelDescription } from "../model/describe-model";
import { ConfigError } from "../shared/errors";
import { examineModel } from "./examine-model";
import { type ModelFacts, planModelFacts } from "./plan-model-facts";
import { type ReadData, readData } from "./read-data";
import { readSamples } from "./sample-examples";

/** What a config that is right in all that was checked describes. */
export interface ValidationReport {
  readonly name: string;
  /** Undefined where only the data could tell, and it was not to be looked at. */
  readonly model: { readonly facts: ModelFacts; readonly description: ModelDescription } | undefined;
  /** Undefined when the data was not to be looked at. */
  readonly data:
    | {
        readonly examples: Readonly<Record<SplitName, number>>;
        /** How many examples were read all the way through preprocessing. */
        readonly samplesRead: number;
      }
    | undefined;
  /** For people. */
  readonly warnings: readonly string[];
}

interface ValidateOptions {
  /** Also opens the data, and reads an example of each class. */
  readonly isWithData: boolean;
  readonly signal?: AbortSignal;
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
  const plannedModel = typeof planned === "string" ? undefined : await examine(loaded, planned);
  if (!isWithData) {
    const warnings = typeof planned === "string" ? [`the layers' shapes were not checked: ${planned}`] : [];
    return { name: config.name, model: plannedModel, data: undefined, warnings };
  }
  const data = await readData(loaded, signal);
  requireMonitors(loaded, data);
  const model =
    plannedModel && isSameModel(plannedModel.facts, data.facts) ? plannedModel : await examine(loaded, data.facts);
  const samplesRead = await readSamples(data, signal);
  const { train, validation, test } = data.splits;
  return {
    name: config.name,
    model: { ...model, facts: data.facts },
    data: { examples: { train: train.length, validation: validation.length, test: test.length }, samplesRead },
    warnings: [...data.warnings, ...(validation.length === 0 ? [noValidation] : [])],
  };
}

const noValidation =
  'there are no validation examples, so nothing tells how the model does on what it has not seen; "split": { "validation": 0.1 } in data sets some aside';

async function examine({ config }: LoadedConfig, facts: ModelFacts) {
  return { facts, description: await examineModel(config, facts) };
}

const isSameModel = (a: ModelFacts, b: ModelFacts) =>
  String(a.input.shape) === String(b.input.shape) &&
  a.labels?.length === b.labels?.length &&
  a.targets?.length === b.targets?.length;

/** What could not be told before the data was divided. */
function requireMonitors({ config }: LoadedConfig, { splits }: ReadData): void {
  const problems = splits.validation.length > 0 ? [] : checkValidationMonitors(config);
  if (problems.length > 0) throw new ConfigError(problems);
}
