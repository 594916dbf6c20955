import type { LoadedConfig } from "../config/load-config";
import { type CostedLayer, costLayers } from "../model/costs/cost-layers";
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
  /** What each layer computes, in the description's order. */
  readonly costs: readonly CostedLayer[];
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
  const description = await examineModel(loaded.config, facts);
  return {
    name: loaded.config.name,
    facts,
    description,
    costs: costLayers(loaded.config.model.layers, description.layers),
  };
}
