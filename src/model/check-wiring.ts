import { z } from "zod";

const source = z.tuple([z.string(), z.int().nonnegative()]).rest(z.unknown());
const layerSchema = z.object({
  name: z.string(),
  class_name: z.string(),
  config: z.unknown(),
  /** For each call what it takes; TensorFlow.js never counts one that takes nothing as done. */
  inbound_nodes: z.array(z.array(source).min(1)),
});
const wiredSchema = z.object({ layers: z.array(layerSchema) });

/**
 * Refuses a model whose layers wait for one that never comes: TensorFlow.js, which makes each as soon as what it takes is
 * made, would look for one to make for ever. `config` is that of a model which is not just a stack; others pass. Throws RangeError.
 */
export function checkWiring(config: unknown): void {
  if (!Array.isArray((Object(config) as { layers?: unknown }).layers)) return;
  const { success, data } = wiredSchema.safeParse(config);
  if (!success) throw new RangeError("how its layers are wired can't be made out");
  /** How often each layer was called so far; an input, and a model as a layer, once before all. */
  const calls = new Map(
    data.layers.map(({ name, class_name, config }) => [name, isCalled(class_name, config) ? 1 : 0]),
  );
  if (calls.size < data.layers.length) throw new RangeError("two of its layers have the same name");
  const waiting = new Map(data.layers.map(({ name, inbound_nodes }) => [name, [...inbound_nodes]]));
  for (let hasMoved = true; hasMoved; ) {
    hasMoved = false;
    for (const [name, nodes] of waiting) {
      while (nodes[0]?.every(([from, call]) => call < (calls.get(from) ?? 0))) {
        nodes.shift();
        calls.set(name, (calls.get(name) ?? 0) + 1);
        hasMoved = true;
      }
      if (nodes.length === 0) waiting.delete(name);
    }
  }
  const [stuck] = waiting.keys();
  if (stuck !== undefined) throw new RangeError(`its layer "${stuck}" takes the output of one that is not there`);
}

function isCalled(className: string, config: unknown): boolean {
  return className === "InputLayer" || Array.isArray((Object(config) as { layers?: unknown }).layers);
}
