import { tf } from "../runtime/tf";
import { checkWiring } from "./check-wiring";

/** More than any model has; each takes time to build. */
const mostLayers = 10_000;

/** Of one example's input or of what a layer makes of it: 4 GiB. More is a mistake, or made to take all memory. */
const mostElements = 2 ** 30;

/**
 * Refuses a topology of unknown origin that TensorFlow.js has no classes for, or that would take time or memory without
 * end. Nothing is built. Throws RangeError with a message for people.
 */
export function checkTopology(topology: unknown): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  let layers = 0;
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const entry = value as Record<string, unknown>;
    if (typeof entry.class_name === "string" && entry.config !== undefined) {
      // Its keys are also what JavaScript's objects come with: "constructor".
      if (!Object.hasOwn(known, entry.class_name)) {
        throw new RangeError(`there is no kind of layer, initializer or the like that is called "${entry.class_name}"`);
      }
      checkWiring(entry.config);
      if (++layers > mostLayers) throw new RangeError(`it has more than ${mostLayers} layers and parts of layers`);
    }
    for (const key of ["batch_input_shape", "batch_shape"]) {
      if (Array.isArray(entry[key])) requireBearable(entry[key], "its input");
    }
    for (const each of Object.values(entry)) walk(each);
  };
  walk(topology);
}

/** Refuses a model one of whose layers makes more of an example than memory can hold. Throws RangeError. */
export function checkOutputs(model: tf.LayersModel): void {
  for (const layer of layersOf(model)) {
    for (const { outputShapes } of layer.inboundNodes) {
      // One shape, or a list of shapes.
      const shapes = Array.isArray(outputShapes[0]) ? outputShapes : [outputShapes];
      for (const shape of shapes)
        requireBearable(shape as (number | null)[], `the output of its layer "${layer.name}"`);
    }
  }
}

/** Those in models that are layers, too. */
function layersOf({ layers }: { readonly layers: readonly tf.layers.Layer[] }): tf.layers.Layer[] {
  return layers.flatMap((layer) => {
    const inner = (layer as { layers?: readonly tf.layers.Layer[] }).layers;
    return Array.isArray(inner) ? [layer, ...layersOf({ layers: inner })] : [layer];
  });
}

function requireBearable(shape: readonly unknown[], what: string): void {
  const elements = shape.reduce<number>((product, size) => product * (size === null ? 1 : Number(size)), 1);
  if (elements >= 0 && elements <= mostElements) return;
  throw new RangeError(
    `${what} is of shape [${shape
      .slice(0, 8)
      .map((size) => size ?? "?")
      .join(", ")}], which no memory can hold`,
  );
}
