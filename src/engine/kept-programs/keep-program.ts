import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ModelDescription } from "../../checkpoint/model-description";
import type { Preprocessing } from "../../data/preprocess/preprocessing";
import { currentNativeBackend } from "../../runtime/load-native";
import type { tf } from "../../runtime/tf";
import { applyModel } from "../apply-model";
import { NotRecordableError } from "../graph/record";
import { namedWeights } from "../graph/record-step";
import { compileProgram } from "../program/compile-program";
import { programLibrary } from "../program/program";
import { writeProgram } from "../program/program-file";
import { programFolder, programLimit, tidyPrograms } from "./program-folder";
import { type KeptModel, programName } from "./program-name";

interface ModelToKeep extends KeptModel {
  /** On the running device; it stays the caller's. */
  readonly model: tf.LayersModel;
  readonly task: ModelDescription["task"];
  readonly preprocessing: Pick<Preprocessing, "deviceStage" | "dtype" | "shape">;
}

/**
 * Keeps the model's forward pass for later processes, which then predict without TensorFlow; nothing where it is kept already.
 * Returns why nothing could be kept, a sentence for people: that is no failure, as without it everything works, only later.
 */
export function keepProgram({ model, task, preprocessing, ...kept }: ModelToKeep): string | undefined {
  if (task === "languageModel") return "a language model goes on token by token, which is TensorFlow's";
  try {
    const folder = programFolder();
    const path = join(folder, programName(kept));
    if (existsSync(path)) return undefined;
    const bytes = compile(model, preprocessing);
    if (typeof bytes === "string") return bytes;
    const limitBytes = programLimit();
    if (bytes.length > limitBytes) return `it would take ${bytes.length} bytes, and ${limitBytes} are allowed`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeProgram(path, bytes);
    tidyPrograms(folder, limitBytes);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compile(
  model: tf.LayersModel,
  { deviceStage, dtype, shape }: ModelToKeep["preprocessing"],
): Uint8Array | string {
  const backend = currentNativeBackend();
  if (!backend || backend.isUsingGpuDevice) return "programs are made on the cpu device";
  if (!programLibrary()) return "dlctl's own operations are not there";
  try {
    return compileProgram(backend, { inputs: { dtype, shape } }, namedWeights(model), ({ inputs }) => ({
      outputs: applyModel(model, deviceStage(inputs as tf.Tensor), false).toFloat(),
    })).bytes;
  } catch (error) {
    if (error instanceof NotRecordableError) return error.message;
    throw error;
  }
}
