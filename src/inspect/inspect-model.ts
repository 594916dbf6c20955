import { z } from "zod";
import { type ModelDescription as FolderDescription, readModelFolder } from "../checkpoint/model-folder";
import { type CostedLayer, costLayers } from "../model/costs/cost-layers";
import { describeModel, type ModelDescription } from "../model/describe-model";
import { type LayerConfig, layerSchema } from "../model/layer-config";
import { startRuntime } from "../runtime/start-runtime";

/** A trained model: what its folder says of it, and its layers. */
export interface InspectedModel {
  readonly folder: FolderDescription;
  readonly description: ModelDescription;
  /** What each layer computes, in the description's order; not counted where the folder's config does not tell how it was built. */
  readonly costs: readonly CostedLayer[];
}

/** Opens a model folder, checks its sums, and describes its model. Throws ModelFolderError. */
export async function inspectModel(path: string): Promise<InspectedModel> {
  const { description: folder, loadModel } = await readModelFolder(path);
  // Nothing is computed, and the js device starts at once.
  await startRuntime("js");
  const model = await loadModel();
  try {
    const description = describeModel(model);
    return { folder, description, costs: costLayers(layersOf(folder), description.layers) };
  } finally {
    model.dispose();
  }
}

/** None for a model that was not trained from a config. */
function layersOf({ config }: FolderDescription): readonly LayerConfig[] {
  const parsed = recordedLayers.safeParse(config);
  return parsed.success ? parsed.data.model.layers : [];
}

const recordedLayers = z.object({ model: z.object({ layers: z.array(layerSchema) }) });
