import { join } from "node:path";
import { type Preprocessing, restorePreprocessing } from "../data/preprocess/preprocessing";
import { formatShape } from "../shared/shape";
import { modelFiles } from "./model-files";
import type { ModelFolder } from "./model-folder";
import { damaged } from "./read-model-file";

/** A model's preprocessing. Throws ModelFolderError when it is not sound, or makes other inputs than the model takes. */
export function modelPreprocessing({ path, description: { preprocessing, input } }: ModelFolder): Preprocessing {
  const restored = restorePreprocessing(preprocessing);
  const { shape, dtype, record } = restored;
  const isSame =
    (record.kind === "image") === (input.kind === "image") &&
    dtype === input.dtype &&
    formatShape(shape) === formatShape(input.shape);
  if (isSame) return restored;
  const made = `${record.kind} inputs of ${dtype} [${shape.join(", ")}]`;
  const taken = `${input.kind} inputs of ${input.dtype} [${input.shape.join(", ")}]`;
  throw damaged(join(path, modelFiles.description), `its preprocessing makes ${made}, and the model takes ${taken}`);
}
