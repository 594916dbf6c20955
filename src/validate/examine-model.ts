import { checkOutputShape } from "../config/checks/check-output-shape";
import type { Config } from "../config/config-schema";
import { buildModel } from "../model/build-model";
import { describeModel, type ModelDescription } from "../model/describe-model";
import { startRuntime } from "../runtime/start-runtime";
import { ConfigError } from "../shared/errors";
import type { ModelFacts } from "./plan-model-facts";

/**
 * Builds the config's model for `facts` and describes it. On the js device: shapes need no libtensorflow, which takes
 * longer to load than all the rest. Throws ConfigError when the layers don't fit together, or not the data.
 */
export async function examineModel(config: Config, { input, labels, targets }: ModelFacts): Promise<ModelDescription> {
  await startRuntime("js");
  const model = buildModel({
    layers: config.model.layers,
    input: { shape: input.shape, dtype: "float32" },
    ...(labels ? { classes: labels.length } : {}),
    seed: config.seed,
    initialize: false,
  });
  try {
    const description = describeModel(model);
    const outputShape = description.layers.at(-1)?.outputShape ?? [];
    const wanted = labels ? { classes: labels.length } : { values: targets?.length ?? 1 };
    const problems = checkOutputShape(config, outputShape, wanted);
    if (problems.length > 0) throw new ConfigError(problems);
    return description;
  } finally {
    model.dispose();
  }
}
