import { readModelFolder } from "../checkpoint/model-folder";
import { assignWeight } from "../checkpoint/model-weights";
import type { tf } from "../runtime/tf";
import { ModelFolderError } from "../shared/errors";

/** What was taken from another model. */
export interface InitialWeights {
  /** Names of layers whose weights were all taken. */
  readonly taken: readonly string[];
  /** Layers with weights that were left as they were initialized, each with the reason. */
  readonly left: readonly string[];
}

/**
 * Copies the weights of the model in folder `path` into `model`: of each layer whose name and weights' shapes agree.
 * Throws ModelFolderError when no layer's do.
 */
export async function initializeFrom(path: string, model: tf.LayersModel): Promise<InitialWeights> {
  const source = await (await readModelFolder(path)).loadModel();
  try {
    const bySourceName = new Map(source.layers.map((layer) => [layer.name, layer]));
    const taken: string[] = [];
    const left: string[] = [];
    for (const layer of model.layers) {
      if (layer.weights.length === 0) continue;
      const problem = copyLayer(bySourceName.get(layer.name), layer);
      if (problem === undefined) taken.push(layer.name);
      else left.push(`${layer.name} (${problem})`);
    }
    if (taken.length > 0) return { taken, left };
    throw new ModelFolderError(`No layer of ${path} has the name and shapes of one of this model: ${left.join(", ")}`, {
      hint: "Give layers the names that they have there; `dlctl inspect` lists them.",
    });
  } finally {
    source.dispose();
  }
}

function copyLayer(source: tf.layers.Layer | undefined, target: tf.layers.Layer): string | undefined {
  if (!source) return "no layer of this name";
  const shapes = (layer: tf.layers.Layer) => layer.weights.map(({ shape }) => `[${shape}]`).join(" ");
  if (shapes(source) !== shapes(target)) return `${shapes(source) || "no weights"} there, ${shapes(target)} here`;
  target.weights.forEach((weight, index) => {
    assignWeight(weight, source.weights[index]?.read().dataSync() as Float32Array);
  });
  return undefined;
}
