import { tf } from "../runtime/tf";
import { checkWiring } from "./check-wiring";

/** More than any model has; each takes time to build. */
const mostParts = 10_000;

/** Of one example's input or of what a layer makes of it: 4 GiB. More is a mistake, or made to take all memory. */
const mostElements = 2 ** 30;

/**
 * Refuses a topology of unknown origin that TensorFlow.js has no classes for, or that would take time or memory without
 * end. Nothing is built. Throws RangeError with a message for people.
 */
export function checkTopology(topology: unknown): void {
  let parts = 0;
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isPart(value)) {
      checkPart(value);
      if (++parts > mostParts) throw new RangeError(`it has more than ${mostParts} layers and parts of layers`);
    }
    for (const [key, each] of Object.entries(value)) {
      requirePlain(key);
      if (/^batch_(input_)?shape$/.test(key) && Array.isArray(each)) requireBearable(each, "its input");
      walk(each);
    }
  };
  walk(topology);
}

/** A layer, initializer, regularizer or constraint as TensorFlow.js stores it. */
interface Part {
  readonly class_name: string;
  readonly config: unknown;
}

function isPart(value: object): value is Part {
  const { class_name, config } = value as Partial<Part>;
  return typeof class_name === "string" && config !== undefined;
}

function checkPart({ class_name, config }: Part): void {
  // Its keys are also what JavaScript's objects come with: "constructor".
  if (!Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, class_name)) {
    throw new RangeError(`there is no kind of layer, initializer or the like that is called "${class_name}"`);
  }
  if (class_name !== "Sequential") checkWiring(config);
}

const checkedKeys = [
  "class_name",
  "config",
  "layers",
  "inbound_nodes",
  "input_layers",
  "batch_input_shape",
  "batch_shape",
];
const spellings = new Map(checkedKeys.map((key) => [key.replaceAll("_", ""), key]));

/** TensorFlow.js takes "className" and "layers_" for "class_name" and "layers": what is looked for here must be found. */
function requirePlain(key: string): void {
  const meant = spellings.get(key.replaceAll("_", "").toLowerCase());
  if (meant !== undefined && meant !== key) throw new RangeError(`"${key}" stands in it for "${meant}"`);
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
