import type { tf } from "../runtime/tf";
import type { Shape } from "../shared/shape";
import { definitionOf } from "./equip-layer";

export interface LayerDescription {
  readonly name: string;
  /** The kind as configs name it; "input" for the model's input, tfjs's class name for a layer that dlctl has no kind for. */
  readonly type: string;
  /** Names of the layers whose outputs it takes. */
  readonly inputs: readonly string[];
  /** Batch first, as null. */
  readonly outputShape: Shape;
  /** Numbers in its weights. */
  readonly parameters: number;
  /** Those of them that training changes. */
  readonly trainable: number;
}

export interface ModelDescription {
  readonly layers: readonly LayerDescription[];
  readonly parameters: number;
  readonly trainableParameters: number;
}

/** What a model is made of, the input first. Nothing to dispose. */
export function describeModel(model: tf.LayersModel): ModelDescription {
  const layers = model.layers.map(describeLayer);
  return {
    layers,
    parameters: sum(layers.map(({ parameters }) => parameters)),
    trainableParameters: sum(layers.map(({ trainable }) => trainable)),
  };
}

function describeLayer(layer: tf.layers.Layer): LayerDescription {
  return {
    name: layer.name,
    type: layer.getClassName() === "InputLayer" ? "input" : (definitionOf(layer)?.type ?? layer.getClassName()),
    inputs: layer.inboundNodes.flatMap((node) => node.inboundLayers.map(({ name }) => name)),
    outputShape: layer.outputShape as Shape,
    parameters: sizeOf(layer.weights),
    trainable: sizeOf(layer.trainableWeights),
  };
}

const sizeOf = (weights: readonly tf.LayerVariable[]) =>
  sum(weights.map(({ shape }) => shape.reduce<number>((product, size) => product * (size ?? 1), 1)));

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
