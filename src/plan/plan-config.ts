import type { LoadedConfig } from "../config/load-config";
import { costLayers } from "../model/costs/cost-layers";
import { describeModel, type ModelDescription } from "../model/describe-model";
import { withoutWeights } from "../model/without-weights";
import { bindOptimizer } from "../optimization/optimizer-config";
import { startRuntime } from "../runtime/start-runtime";
import { ConfigError } from "../shared/errors";
import { buildForData, type ModelFacts } from "../train/model-facts";
import { createObjective } from "../train/objective";
import type { Machine } from "./machine";
import { neededPasses } from "./needed-passes";
import { type DeviceFigures, deviceFigures, type ModelFigures, modelFigures } from "./plan";
import type { PlanRequest } from "./plan-request";
import { planRun } from "./planned-run";
import type { Variant } from "./savings";

export interface PlanOptions {
  /** Instead of the config's. */
  readonly batchSize: number | undefined;
  /** Training examples, instead of counting the data's. */
  readonly examples: number | undefined;
}

/** What a config needs, apart from the device it runs on. */
export interface ConfigPlan {
  readonly name: string;
  readonly facts: ModelFacts;
  readonly request: PlanRequest;
  readonly assumptions: readonly string[];
  readonly model: ModelFigures;
  /** What it takes on a device. */
  on(machine: Machine): DeviceFigures;
}

/**
 * Counts what the config's model computes, keeps and moves; nothing is trained, and weights are not even made, so that a model may be far larger than
 * this machine. Throws ConfigError or DataError.
 */
export async function planConfig(loaded: LoadedConfig, options: PlanOptions, signal: AbortSignal): Promise<ConfigPlan> {
  const { config } = loaded;
  const { facts, examples, assumptions } = await planRun(loaded, options.examples, signal);
  const batchSize = options.batchSize ?? config.train.batchSize;
  const { description, variables } = await describe(loaded, facts);
  const shape = facts.inputShape;
  if (!shape.every((size) => size !== null)) {
    throw new ConfigError("The inputs have no fixed length, so that what they cost can't be told", {
      hint: 'Add { "op": "pad", "length": ... } (and truncate) to data.preprocess.',
    });
  }
  const request: PlanRequest = {
    layers: config.model.layers,
    description,
    input: { shape: shape as number[], dtype: dtypeOf(facts, config.data.source) },
    batchSize,
    epochs: config.train.epochs,
    slotCount: Object.keys(bindOptimizer(config.train.optimizer).slots).length,
    variables,
    examples,
    precision: config.train.precision,
  };
  const { steps, ...model } = modelFigures(request);
  const run: Variant = { request, layers: steps };
  const smaller = await describeSmaller(loaded, facts, request);
  return {
    name: config.name,
    facts,
    request,
    assumptions,
    model,
    on: (machine) => deviceFigures(run, smaller, machine),
  };
}

const dtypeOf = ({ inputDtype, inputShape }: ModelFacts, source: string): PlanRequest["input"]["dtype"] => {
  if (inputDtype === "int32") return "int32";
  return inputShape.length === 3 && source !== "text" ? "uint8" : "float32";
};

async function describe(
  { config }: LoadedConfig,
  facts: ModelFacts,
): Promise<{ readonly description: ModelDescription; readonly variables: number }> {
  await startRuntime("js");
  const model = withoutWeights(() => buildForData(config, facts, { initialize: false }));
  try {
    createObjective(config, facts, model.outputs[0]?.shape ?? []);
    return { description: describeModel(model), variables: model.trainableWeights.length };
  } finally {
    model.dispose();
  }
}

/** The same layers on images of half the height and width; undefined where they don't fit, or the inputs are no images. */
async function describeSmaller(
  loaded: LoadedConfig,
  facts: ModelFacts,
  request: PlanRequest,
): Promise<Variant | undefined> {
  const [height, width, channels] = request.input.shape;
  if (request.input.dtype !== "uint8" || !height || !width || !channels) return undefined;
  const inputShape = [Math.ceil(height / 2), Math.ceil(width / 2), channels];
  try {
    const { description, variables } = await describe(loaded, { ...facts, inputShape });
    const smaller = { ...request, description, variables, input: { ...request.input, shape: inputShape } };
    return { request: smaller, layers: neededPasses(costLayers(request.layers, description.layers)) };
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
