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
  const file = join(path, modelFiles.description);
  if (isSame) {
    requireNumbers(restored, file);
    return restored;
  }
  const made = `${record.kind} inputs of ${dtype} [${shape.join(", ")}]`;
  const taken = `${input.kind} inputs of ${input.dtype} [${input.shape.join(", ")}]`;
  throw damaged(file, `its preprocessing makes ${made}, and the model takes ${taken}`);
}

/** What normalizes must be one number, or one for each channel. */
function requireNumbers({ record, shape }: Preprocessing, file: string): void {
  const wrong = (channels: number | null | undefined) => (each: object) =>
    Object.values(each).some(({ length }: readonly number[]) => length !== 1 && length !== channels);
  const inputs = "normalize" in record && record.normalize.some(wrong(shape.at(-1)));
  const targets = "normalizeTargets" in record && record.normalizeTargets.some(wrong(record.targets.length));
  if (inputs || targets) throw damaged(file, "its preprocessing normalizes another number of channels than there are");
}
