import type { ConfigProblem } from "../shared/errors";
import { nearestNames } from "../shared/nearest-names";
import type { LayerConfig } from "./layer-config";
import type { LayerDefinition } from "./layers/define-layer";
import { layerDefinitions } from "./layers/layer-definitions";
import { inputName } from "./name-layers";

/** Where a layer's inputs come from: places in the list of layers, -1 for the model's input. */
export type Sources = readonly number[];

interface Wiring {
  /** For each layer; undefined where its inputs are wrong. */
  readonly sources: readonly (Sources | undefined)[];
  readonly problems: readonly ConfigProblem[];
}

/** Finds each layer's inputs, and what is wrong with them: unknown names, too many, too few, outputs that nothing takes. */
export function wireLayers(layers: readonly LayerConfig[], names: readonly string[]): Wiring {
  const problems: ConfigProblem[] = [];
  const sources = layers.map((layer, index) => {
    const found = findSources(layer, index, names);
    if (Array.isArray(found)) return found as Sources;
    problems.push(found as ConfigProblem);
    return undefined;
  });
  // With a wrong name somewhere, what nothing takes may be just what was meant there.
  if (problems.length === 0) problems.push(...findUnused(sources as Sources[], layers, names));
  return { sources, problems };
}

function findSources(layer: LayerConfig, index: number, names: readonly string[]): Sources | ConfigProblem {
  const definition: LayerDefinition = layerDefinitions[layer.type];
  const path = `model.layers[${index}]`;
  const takesMany = definition.inputs === "many";
  if (layer.inputs === undefined) {
    if (!takesMany) return [index - 1];
    return {
      path,
      message: `${layer.type} joins layers and needs "inputs": the names of two or more layers above`,
      hint: `Give the layers to join a "name", and write "inputs": ["first", "second"].`,
    };
  }
  const count = layer.inputs.length;
  const most = { one: 1, oneOrTwo: 2, many: Number.POSITIVE_INFINITY }[definition.inputs ?? "one"];
  if (count > most || (takesMany && count < 2)) {
    const wanted = { one: "one input", oneOrTwo: "one or two inputs", many: "two or more inputs" }[
      definition.inputs ?? "one"
    ];
    return { path: `${path}.inputs`, message: `${layer.type} takes ${wanted}, these are ${layer.inputs.length}` };
  }
  const above = [inputName, ...names.slice(0, index)];
  const wrong = layer.inputs.findIndex((name) => !above.includes(name));
  if (wrong >= 0)
    return { path: `${path}.inputs[${wrong}]`, ...describeUnknown(layer.inputs[wrong] as string, index, above, names) };
  return layer.inputs.map((name) => above.indexOf(name) - 1);
}

function describeUnknown(name: string, index: number, above: readonly string[], names: readonly string[]) {
  const place = names.indexOf(name);
  if (place === index) return { message: `"${name}" is this layer itself` };
  if (place > index) {
    return {
      message: `"${name}" is layers[${place}], below this one`,
      hint: "Layers are read from top to bottom: move it up.",
    };
  }
  const near = nearestNames(name, above);
  const known = near.length > 0 ? `nearest: ${near.join(", ")}` : `layers above: ${above.join(", ")}`;
  return { message: `there is no layer "${name}"; ${known}` };
}

function findUnused(
  sources: readonly Sources[],
  layers: readonly LayerConfig[],
  names: readonly string[],
): ConfigProblem[] {
  const used = new Set(sources.flat());
  const problems = layers.slice(0, -1).flatMap((layer, index): ConfigProblem[] =>
    used.has(index)
      ? []
      : [
          {
            path: `model.layers[${index}]`,
            message: `nothing takes the output of ${layer.type} "${names[index]}"`,
            hint: `The last layer is the model's output: take "${names[index]}" into another layer's "inputs", or remove it.`,
          },
        ],
  );
  if (!used.has(-1)) problems.push({ path: "model.layers", message: "no layer takes the model's input" });
  return problems;
}
