import type { LoadedConfig } from "../config/load-config";
import type { ModelDescription } from "../model/describe-model";
import { type ModelFacts, modelFactsOf } from "../train/model-facts";
import { examineModel } from "../validate/examine-model";
import { planModelFacts } from "../validate/plan-model-facts";
import { withData } from "../validate/with-data";

/** The model that a config declares. */
export interface InspectedConfig {
  readonly name: string;
  readonly facts: ModelFacts;
  readonly description: ModelDescription;
}

/**
 * Describes the model that a config declares. Opens the data only where input size or classes are not decided without. Throws
 * ConfigError or DataError.
 */
export async function inspectConfig(loaded: LoadedConfig, signal: AbortSignal): Promise<InspectedConfig> {
  const planned = planModelFacts(loaded.config);
  const facts =
    typeof planned === "string"
      ? await withData(loaded, signal, async ({ set, preprocessing }) => modelFactsOf(set, preprocessing))
      : planned;
  return { name: loaded.config.name, facts, description: await examineModel(loaded.config, facts) };
}
