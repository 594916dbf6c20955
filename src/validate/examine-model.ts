import type { Config } from "../config/config-schema";
import { buildModel } from "../model/build-model";
import { describeModel, type ModelDescription } from "../model/describe-model";
import { startRuntime } from "../runtime/start-runtime";
import { createObjective } from "../train/objective";
import type { ModelFacts } from "./plan-model-facts";

/**
 * Builds the config's model for `facts` and describes it. On the js device: shapes need no libtensorflow, which takes
 * longer to load than all the rest. Throws ConfigError when the layers don't fit together, or loss, metrics and last layer don't fit
 * what is predicted.
 */
export async function examineModel(config: Config, { inputShape, targets }: ModelFacts): Promise<ModelDescription> {
  await startRuntime("js");
  const model = buildModel({
    layers: config.model.layers,
    input: { shape: inputShape, dtype: "float32" },
    ...(targets.kind === "class" ? { classes: targets.labels.length } : {}),
    seed: config.seed,
    initialize: false,
  });
  try {
    createObjective(config, targets, model.outputs[0]?.shape ?? []);
    return describeModel(model);
  } finally {
    model.dispose();
  }
}
