import { tf } from "../runtime/tf";
import { ConfigError, type ConfigProblem } from "../shared/errors";
import { formatShape, type Shape } from "../shared/shape";
import { createConstraint } from "./constraints";
import { customLayers } from "./custom-layers/custom-layers";
import { equipLayer } from "./equip-layer";
import { createInitializer } from "./initializers";
import type { LayerConfig } from "./layer-config";
import { layerSeed, weightSeed } from "./layer-seed";
import type { LayerContext, LayerDefinition } from "./layers/define-layer";
import { layerDefinitions } from "./layers/layer-definitions";
import { LayerProblem } from "./layers/layer-problem";
import { maskState } from "./mask-state";
import { findRepeatedNames, inputName, nameLayers } from "./name-layers";
import { createRegularizer } from "./regularizers";
import { wireLayers } from "./wire-layers";

export interface ModelRequest {
  readonly layers: readonly LayerConfig[];
  /** What one example is, without the batch's axis; null is a size that differs between batches. */
  readonly input: { readonly shape: Shape; readonly dtype: "float32" | "int32" };
  /** Number of classes of the data; undefined when the task has none. */
  readonly classes?: number | undefined;
  /** Number of tokens of tokenized text, padding and unknown ones included; undefined for other data. */
  readonly vocabulary?: number | undefined;
  /** What padded steps of series hold: a masking layer comes first, so that the model stands alone. */
  readonly maskValue?: number | undefined;
  /** The run's seed: weights are a function of it, the layer's name and the weight's, on every device. */
  readonly seed: number;
  /** false leaves all weights 0, which is faster where only shapes are wanted or weights are loaded. */
  readonly initialize?: boolean;
}

/** A layer that stands in the model, and what comes out of it. */
interface Placed {
  readonly output: tf.SymbolicTensor;
  /** For messages: `layers[2] (flatten)`, or `the input`. */
  readonly label: string;
}

/**
 * The tfjs model that the layers describe, weights initialized; its last layer is the output. The caller disposes it. Throws ConfigError
 * with every problem that can be found: wrong `inputs`, and shapes that don't fit, each at its layer's path. What gets its input from a wrong layer
 * can't be checked.
 */
export function buildModel(request: ModelRequest): tf.LayersModel {
  const { layers, input } = request;
  const names = nameLayers(layers);
  const { sources, problems: wiring } = wireLayers(layers, names);
  const problems: ConfigProblem[] = [...findRepeatedNames(layers), ...wiring];
  const built: tf.layers.Layer[] = [];
  const given = tf.input({ shape: [...input.shape], dtype: input.dtype, name: inputName });
  const start: Placed = { output: maskPadding(given, request.maskValue), label: "the input" };
  const placed: (Placed | undefined)[] = [];
  try {
    layers.forEach((config, index) => {
      const inputs = sources[index]?.map((source) => (source < 0 ? start : placed[source]));
      if (!inputs?.every((place) => place !== undefined)) return;
      try {
        placed[index] = placeLayer(
          config,
          names[index] as string,
          inputs,
          request,
          built,
          `layers[${index}] (${config.type})`,
        );
      } catch (error) {
        problems.push({ path: `model.layers[${index}]`, ...describeProblem(error, config, inputs) });
      }
    });
    if (problems.length > 0) throw new ConfigError(problems);
    return tf.model({ inputs: given, outputs: (placed.at(-1) as Placed).output, name: "model" });
  } catch (error) {
    for (const layer of built) for (const weight of layer.weights) weight.dispose();
    throw error;
  }
}

function maskPadding(input: tf.SymbolicTensor, maskValue: number | undefined): tf.SymbolicTensor {
  if (maskValue === undefined) return input;
  return tf.layers.masking({ maskValue, name: "padding" }).apply(input) as tf.SymbolicTensor;
}

function placeLayer(
  config: LayerConfig,
  name: string,
  inputs: readonly Placed[],
  request: ModelRequest,
  built: tf.layers.Layer[],
  label: string,
): Placed {
  const definition: LayerDefinition = layerDefinitions[config.type];
  const shapes = inputs.map(({ output }) => output.shape as Shape);
  const problem = rankProblem(definition, shapes) ?? definition.check?.(config, shapes);
  if (problem !== undefined) throw new LayerProblem(problem);
  const states = inputs.map(({ output }) => maskState(output));
  const isMasked = states[0]?.isMasked ?? false;
  const layer = definition.build(config, contextFor(name, shapes, isMasked, request));
  layer.name = name;
  layer.setFastWeightInitDuringBuild(request.initialize === false);
  equipLayer(layer, layerSeed(request.seed, name), isMasked);
  const takesMask = "returnSequences" in layer || layer.getClassName().startsWith("Dlctl");
  const isAttention = definition.inputs === "oneOrTwo";
  const given = inputs.map(({ output }, index) => {
    if (takesMask && states[index]?.isStale) return withoutMask(output, `${name}_unmasked${index || ""}`);
    return isAttention && index === 1 && states[1]?.isMasked ? carryingMask(output, `${name}_memory`) : output;
  });
  const outputShape = layer.computeOutputShape(
    given.length > 1 ? given.map(({ shape }) => shape) : (given[0] as tf.SymbolicTensor).shape,
  ) as Shape;
  if (outputShape.some((size) => size !== null && !(size > 0)))
    throw new LayerProblem(`its output would be ${formatShape(outputShape)}`);
  // Listed before it has weights, so that they are disposed even when it fails half-way.
  built.push(layer);
  const isList = definition.inputs === "many" || given.length > 1;
  const output = layer.apply(isList ? given : (given[0] as tf.SymbolicTensor)) as tf.SymbolicTensor;
  if (config.trainable === false) layer.trainable = false;
  return { output, label };
}

/** Without the mask of an earlier layer, which TensorFlow.js would hand on. */
function withoutMask(input: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return new (customLayers().DlctlUnmask)({ name }).apply(input) as tf.SymbolicTensor;
}

/** With its mask where attention finds that of its second input, which TensorFlow.js would not hand on. */
function carryingMask(input: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  // dlctl's other layers leave the mask with their output, too.
  if ("maskOfOutput" in input.sourceLayer) return input;
  return new (customLayers().DlctlCarryMask)({ name }).apply(input) as tf.SymbolicTensor;
}

function contextFor(
  name: string,
  inputShapes: readonly Shape[],
  isMasked: boolean,
  { classes, vocabulary, seed }: ModelRequest,
): LayerContext {
  return {
    classes,
    vocabulary,
    name,
    inputShapes,
    isMasked,
    seed: layerSeed(seed, name),
    initializer: (config, weight) => createInitializer(config, weightSeed(seed, name, weight)),
    regularizer: (config) => config && createRegularizer(config),
    constraint: (config) => config && createConstraint(config),
  };
}

const axesByRank: Readonly<Record<number, string>> = {
  2: "[batch, features]",
  3: "[batch, steps, channels]",
  4: "[batch, height, width, channels]",
  5: "[batch, depth, height, width, channels]",
};

function rankProblem({ type, inputRank, shape }: LayerDefinition, inputs: readonly Shape[]): string | undefined {
  if (inputRank === undefined) {
    return inputs.some(({ length }) => length < 2)
      ? `${type} needs an input with an axis beside the batch's`
      : undefined;
  }
  const ranks = [inputRank].flat();
  if (inputs.every(({ length }) => ranks.includes(length))) return undefined;
  const axes = ranks.length === 1 ? (shape.split(" -> ")[0] ?? axesByRank[ranks[0] as number]) : undefined;
  return `${type} needs a ${ranks.join("-, ")}-D input${axes ? ` ${axes}` : ""}`;
}

/** Says which layers the inputs come from, and how to mend it where that can be told. */
function describeProblem(error: unknown, config: LayerConfig, inputs: readonly Placed[]): Omit<ConfigProblem, "path"> {
  const from = inputs.map(({ output, label }) => `${formatShape(output.shape as Shape)} from ${label}`).join(" and ");
  const message = error instanceof Error ? error.message : String(error);
  const hint = (error instanceof LayerProblem ? error.hint : undefined) ?? rankHint(config, inputs);
  return { message: `${message}; it gets ${from}`, ...(hint === undefined ? {} : { hint }) };
}

function rankHint({ type }: LayerConfig, inputs: readonly Placed[]): string | undefined {
  const { inputRank }: LayerDefinition = layerDefinitions[type];
  const lowest = Math.min(...[inputRank ?? 0].flat());
  const flattened = inputs.find(({ output, label }) => output.shape.length < lowest && label.includes("(flatten)"));
  return flattened && `Put flatten after the last ${type}.`;
}
