import type { Config } from "../config/config-schema";
import { describeModel, type ModelDescription } from "../model/describe-model";
import { withoutWeights } from "../model/without-weights";
import { startRuntime } from "../runtime/start-runtime";
import { buildForData, type ModelFacts } from "../train/model-facts";
import { createObjective } from "../train/objective";

/**
 * Builds the config's model for `facts` and describes it. On the js device: shapes need no libtensorflow, which takes
 * longer to load than all the rest; nor weights, which may be larger than the machine. Throws ConfigError when the layers
 * don't fit together, or loss, metrics and last layer don't fit what is predicted.
 */
export async function examineModel(config: Config, facts: ModelFacts): Promise<ModelDescription> {
  await startRuntime("js");
  const model = withoutWeights(() => buildForData(config, facts, { initialize: false }));
  try {
    createObjective(config, facts, model.outputs[0]?.shape ?? []);
    return describeModel(model);
  } finally {
    model.dispose();
  }
}
