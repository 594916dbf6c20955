import type { LayerDescription } from "../describe-model";
import type { LayerConfig } from "../layer-config";
import type { LayerDefinition } from "../layers/define-layer";
import { layerDefinitions } from "../layers/layer-definitions";
import { nameLayers } from "../name-layers";
import type { Operation } from "./operation";

/** A layer with what it computes. */
export interface CostedLayer extends LayerDescription {
  /** Undefined where it can't be counted: `obstacle` says why. */
  readonly operations: readonly Operation[] | undefined;
  /** The end of a sentence. */
  readonly obstacle: string | undefined;
}

/** What each of a model's layers computes for one example; `configs` are what they were built from. */
export function costLayers(
  configs: readonly LayerConfig[],
  described: readonly LayerDescription[],
): readonly CostedLayer[] {
  const names = nameLayers(configs);
  const byName = new Map(configs.map((config, index) => [names[index] as string, config]));
  const shapes = new Map(described.map(({ name, outputShape }) => [name, outputShape]));
  return described.map((layer) => {
    const config = byName.get(layer.name);
    if (!config) {
      const isFree = layer.type === "input" || layer.name === "padding";
      return isFree ? counted(layer, []) : uncounted(layer, "its options are not known");
    }
    const definition: LayerDefinition = layerDefinitions[config.type];
    if (!definition.cost) return uncounted(layer, `${config.type} does not say what it computes`);
    const inputs = layer.inputs.map((name) => withoutBatch(shapes.get(name) ?? []));
    const output = withoutBatch(layer.outputShape);
    if (![output, ...inputs].every(isFixed)) return uncounted(layer, "its input has no fixed length");
    const sizes = { inputs: inputs as number[][], output: output as number[], parameters: layer.parameters };
    return counted(layer, definition.cost(config, sizes));
  });
}

const counted = (layer: LayerDescription, operations: readonly Operation[]): CostedLayer => ({
  ...layer,
  operations,
  obstacle: undefined,
});

const uncounted = (layer: LayerDescription, obstacle: string): CostedLayer => ({
  ...layer,
  operations: undefined,
  obstacle,
});

const withoutBatch = (shape: readonly (number | null)[]) => shape.slice(1);

const isFixed = (shape: readonly (number | null)[]) => shape.every((size) => size !== null);
