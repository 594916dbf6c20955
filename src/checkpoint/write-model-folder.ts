import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { modelToArtifacts } from "../model/model-artifacts";
import { vendorFolder } from "../runtime/package-folders";
import type { tf } from "../runtime/tf";
import { writeFileAtomically } from "./atomic-file";
import { writing } from "./explain-write-error";
import { type ModelDescription, modelFormatVersion } from "./model-description";
import { modelFiles } from "./model-files";
import { sha256 } from "./tensor-file";

/** A layer in model.json that plain TensorFlow.js does not know. */
const ownLayer = /"class_name":"Dlctl/;

/**
 * Writes the files of a model into `folder`, which holds no finished model; dlctl.json comes last and makes it one. A model with layers
 * of dlctl's own gets the module that plain TensorFlow.js opens it with. The model stays the caller's. Returns the SHA-256 sum of
 * dlctl.json, as ModelFolder has it. Throws EnvironmentError when the folder can't be written.
 */
export async function writeModelFolder(
  folder: string,
  model: tf.LayersModel,
  description: Omit<ModelDescription, "formatVersion" | "files">,
): Promise<string> {
  const { modelTopology, weightSpecs, weightData } = await modelToArtifacts(model);
  const topology = JSON.stringify({
    format: "layers-model",
    generatedBy: `dlctl ${description.versions.dlctl ?? ""}`.trim(),
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [modelFiles.weights], weights: weightSpecs }],
  });
  const weights = new Uint8Array(weightData);
  const layers = ownLayer.test(topology) ? await readFile(join(vendorFolder, modelFiles.layers)) : undefined;
  const whole: ModelDescription = {
    formatVersion: modelFormatVersion,
    ...description,
    files: {
      [modelFiles.topology]: sha256(topology),
      [modelFiles.weights]: sha256(weights),
      ...(layers ? { [modelFiles.layers]: sha256(layers) } : {}),
    },
  };
  await writing(folder, async () => {
    await mkdir(folder, { recursive: true });
    await rm(join(folder, modelFiles.layers), { force: true });
  });
  if (layers) await writeFileAtomically(join(folder, modelFiles.layers), layers);
  await writeFileAtomically(join(folder, modelFiles.weights), weights);
  await writeFileAtomically(join(folder, modelFiles.topology), topology);
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  await writeFileAtomically(join(folder, modelFiles.description), text);
  return sha256(text);
}
