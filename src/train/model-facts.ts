import type { Config } from "../config/config-schema";
import type { ExampleSet } from "../data/example-set";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { classLabels } from "../data/target-names";
import { buildModel } from "../model/build-model";
import type { tf } from "../runtime/tf";

/** What a model must be built for. */
export interface ModelFacts extends Pick<ExampleSet, "targets" | "task"> {
  /** Of one example, no batch axis. */
  readonly inputShape: readonly (number | null)[];
  /** "float32" by default, which uint8 pixels become on the device. */
  readonly inputDtype?: "float32" | "int32" | undefined;
  /** What padded steps of series hold, where the model is to pass over them. */
  readonly maskValue?: number | undefined;
  /** Token ids are below it. */
  readonly vocabulary?: number | undefined;
}

/** What opened data asks of a model. */
export function modelFactsOf(set: ExampleSet, preprocessing: Preprocessing): ModelFacts {
  const { shape, dtype, maskValue, vocabulary } = preprocessing;
  const { targets, task } = set;
  const inputDtype = dtype === "int32" ? "int32" : "float32";
  return { inputShape: shape, inputDtype, targets, ...(task ? { task } : {}), maskValue, vocabulary };
}

/**
 * The config's model for such data, `initialize` false to leave its weights 0. The caller disposes it. Throws ConfigError when the
 * layers don't fit together.
 */
export function buildForData(config: Config, facts: ModelFacts, { initialize = true } = {}): tf.LayersModel {
  const { inputShape, inputDtype = "float32", targets, maskValue, vocabulary } = facts;
  return buildModel({
    layers: config.model.layers,
    input: { shape: [...inputShape], dtype: inputDtype },
    classes: classLabels(targets)?.length,
    vocabulary,
    maskValue,
    seed: config.seed,
    initialize,
  });
}
