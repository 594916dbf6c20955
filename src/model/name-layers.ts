import type { ConfigProblem } from "../shared/errors";
import type { LayerConfig } from "./layer-config";

/** What the model's input is called in `inputs`. */
export const inputName = "input";

/** The names of all layers: as given, else the type with a number (`conv2d_2`) that no other layer has. */
export function nameLayers(layers: readonly LayerConfig[]): string[] {
  const taken = new Set(layers.flatMap(({ name }) => name ?? []));
  const counts = new Map<string, number>();
  return layers.map(({ type, name }) => {
    if (name !== undefined) return name;
    let count = counts.get(type) ?? 0;
    do count++;
    while (taken.has(`${type}_${count}`));
    counts.set(type, count);
    return `${type}_${count}`;
  });
}

/** A problem for each layer that has the name of one above it. */
export function findRepeatedNames(layers: readonly LayerConfig[]): ConfigProblem[] {
  return layers.flatMap(({ name }, index) => {
    const first = layers.findIndex((layer) => layer.name === name);
    if (name === undefined || first === index) return [];
    return [{ path: `model.layers[${index}].name`, message: `"${name}" is the name of layers[${first}] already` }];
  });
}
