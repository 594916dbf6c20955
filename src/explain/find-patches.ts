import type { tf } from "../runtime/tf";
import type { Shape } from "../shared/shape";

/** Which steps of a Transformer are the patches of an image: row by row, behind `added` steps that are none. */
export interface Patches {
  readonly rows: number;
  readonly columns: number;
  readonly added: number;
}

/**
 * Finds how `steps` steps are laid out on the image: by the patch embedding, else by the last layer that still puts out an image with as many
 * places, a class token before them or not. Undefined where that can't be told.
 */
export function findPatches(model: tf.LayersModel, steps: number): Patches | undefined {
  const [, height = null, width = null] = model.inputs[0]?.shape ?? [];
  const grids = model.layers.flatMap((layer): (readonly [number, number])[] => {
    if (layer.getClassName() === "DlctlPatchEmbedding" && height !== null && width !== null) {
      const { size } = layer.getConfig() as unknown as { readonly size: readonly [number, number] };
      return [[height / size[0], width / size[1]]];
    }
    const shape = layer.outputShape as Shape;
    return shape.length === 4 ? [[shape[1] ?? 0, shape[2] ?? 0]] : [];
  });
  const found = grids.findLast(([rows, columns]) => rows * columns === steps || rows * columns === steps - 1);
  return found && { rows: found[0], columns: found[1], added: steps - found[0] * found[1] };
}
