import { type ModelDescription as FolderDescription, readModelFolder } from "../checkpoint/model-folder";
import { describeModel, type ModelDescription } from "../model/describe-model";
import { startRuntime } from "../runtime/start-runtime";

/** A trained model: what its folder says of it, and its layers. */
export interface InspectedModel {
  readonly folder: FolderDescription;
  readonly description: ModelDescription;
}

/** Opens a model folder, checks its sums, and describes its model. Throws ModelFolderError. */
export async function inspectModel(path: string): Promise<InspectedModel> {
  const { description: folder, loadModel } = await readModelFolder(path);
  // Nothing is computed, and the js device starts at once.
  await startRuntime("js");
  const model = await loadModel();
  try {
    return { folder, description: describeModel(model) };
  } finally {
    model.dispose();
  }
}
