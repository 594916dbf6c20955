import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { tf } from "../runtime/tf";
import { ModelFolderError } from "../shared/errors";
import { formatShape } from "../shared/shape";
import { firstIssue } from "../shared/zod-issue";
import { type ModelDescription, modelDescriptionSchema, modelFormatVersion } from "./model-description";
import { findRun, modelFiles } from "./model-files";
import { declaredBytes, findNonFinite, type ModelTopology, modelTopologySchema } from "./model-topology";
import { parseModelJson } from "./parse-model-json";
import { damaged, largerThan, readModelFile, restoreHint } from "./read-model-file";
import { settleModelFolder } from "./replace-model";
import { sha256 } from "./tensor-file";

export type { ModelDescription } from "./model-description";

/** A finished model on disk, checked: sums, sizes and description are right. */
export interface ModelFolder {
  /** As given. */
  readonly path: string;
  readonly description: ModelDescription;
  /** SHA-256 of dlctl.json, which holds those of the other files: it stands for all that the model is. */
  readonly sum: string;
  /** The model with its weights, on the running device. The caller disposes it. */
  loadModel(): Promise<tf.LayersModel>;
  /** What loadModel makes it of, read anew and checked again. */
  readContents(): Promise<ModelFileContents>;
}

export interface ModelFileContents {
  readonly topology: ModelTopology;
  readonly weights: Buffer;
}

/**
 * Opens a model folder. Throws ModelFolderError that names the file and what is wrong with it: missing, damaged, of a newer
 * dlctl, pointing out of the folder. Reads JSON and numbers; executes nothing.
 */
export async function readModelFolder(path: string): Promise<ModelFolder> {
  await requireModelFolder(path);
  const { sum, ...read } = await readWhileReplaced(path);
  const { description } = read;
  let { files } = read;
  const used = new WeakSet<ModelFileContents>();
  return {
    path,
    description,
    sum,
    loadModel: async () => {
      // The bytes that were checked are the ones that are used; they are not kept longer than that.
      if (used.has(files)) files = await readFiles(path, description);
      used.add(files);
      return buildFrom(path, description, files);
    },
    readContents: () => readFiles(path, description),
  };
}

async function requireModelFolder(path: string): Promise<void> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) {
    throw new ModelFolderError(`There is no model folder ${path}`, {
      hint: "Give the folder that `dlctl train` has written.",
    });
  }
  if (!stats.isDirectory()) {
    throw new ModelFolderError(`${path} is a file and not a model folder`, {
      hint: "Give the folder that holds dlctl.json.",
    });
  }
  await settleModelFolder(path);
  if (existsSync(join(path, modelFiles.description))) return;
  if (findRun(path).state === "unfinished") {
    throw new ModelFolderError(`The training in ${path} is not finished, so there is no model yet`, {
      hint: `Finish it: dlctl train --resume ${path}`,
    });
  }
  const isForeign = existsSync(join(path, modelFiles.topology));
  throw new ModelFolderError(
    `${path} is not a model folder of dlctl: it has no dlctl.json${isForeign ? ", only a model.json" : ""}`,
    { hint: "Give the folder that `dlctl train` has written." },
  );
}

/** A description and its files; read again when training put a new model in place meanwhile. */
async function readWhileReplaced(
  path: string,
): Promise<{ description: ModelDescription; files: ModelFileContents; sum: string }> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await readDescription(path);
    try {
      const description = parseDescription(path, bytes);
      return { description, files: await readFiles(path, description), sum: sha256(bytes) };
    } catch (error) {
      await settleModelFolder(path);
      if (bytes.equals(await readDescription(path)) || attempt === 5) throw error;
    }
  }
}

function readDescription(path: string): Promise<Buffer> {
  return readModelFile(path, modelFiles.description, largerThan(64));
}

function parseDescription(path: string, bytes: Buffer): ModelDescription {
  const file = join(path, modelFiles.description);
  const content = parseJson(file, bytes);
  const { formatVersion } = Object(content) as { formatVersion?: unknown };
  if (typeof formatVersion === "number" && formatVersion > modelFormatVersion) {
    throw new ModelFolderError(
      `${file} is of format ${formatVersion}, made by a newer dlctl; this one reads formats up to ${modelFormatVersion}`,
      { hint: "Update dlctl." },
    );
  }
  const parsed = modelDescriptionSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw damaged(file, firstIssue(parsed.error));
}

async function readFiles(path: string, { files }: ModelDescription): Promise<ModelFileContents> {
  const sums = new Map(Object.entries(files));
  const topology = parseTopology(path, await readChecked(path, modelFiles.topology, sums, largerThan(64)));
  const expected = declaredBytes(topology.weightsManifest[0].weights);
  const weights = await readChecked(path, modelFiles.weights, sums, (bytes) =>
    bytes === expected ? undefined : `it has ${bytes} bytes, and ${modelFiles.topology} declares ${expected}`,
  );
  // Read only to say when it is not the one that was written: people run it.
  if (sums.has(modelFiles.layers)) await readChecked(path, modelFiles.layers, sums, largerThan(16));
  return { topology, weights };
}

async function readChecked(
  path: string,
  file: string,
  sums: ReadonlyMap<string, string>,
  sizeProblem: (bytes: number) => string | undefined,
): Promise<Buffer> {
  const sum = sums.get(file);
  if (sum === undefined) throw damaged(join(path, modelFiles.description), `it has no SHA-256 sum of ${file}`);
  const bytes = await readModelFile(path, file, sizeProblem);
  if (sha256(bytes) !== sum) {
    throw damaged(join(path, file), `its SHA-256 sum is not the one in ${modelFiles.description}`);
  }
  return bytes;
}

function parseTopology(path: string, bytes: Buffer): ModelTopology {
  const file = join(path, modelFiles.topology);
  const parsed = modelTopologySchema.safeParse(parseJson(file, bytes));
  if (parsed.success) return parsed.data;
  throw damaged(file, firstIssue(parsed.error));
}

async function buildFrom(
  path: string,
  description: ModelDescription,
  { topology, weights }: ModelFileContents,
): Promise<tf.LayersModel> {
  // Most of what knows layers is not needed to read a folder, and takes time to load.
  const [{ modelFromArtifacts }, { blameModel, reasonOf }] = await Promise.all([
    import("../model/model-artifacts.js"),
    import("./blame-model.js"),
  ]);
  const { modelTopology, weightsManifest } = topology;
  const weightSpecs = weightsManifest[0].weights;
  // A Buffer may be a part of a larger pool; the model wants memory of its own.
  const weightData = new Uint8Array(weights).buffer;
  const bad = findNonFinite(weightSpecs, weightData);
  if (bad !== undefined)
    throw damaged(join(path, modelFiles.weights), `${bad} holds values that are not finite numbers`);
  try {
    const model = await modelFromArtifacts({ modelTopology, weightSpecs, weightData });
    const problem = findMisfit(model, description);
    if (problem === undefined) {
      blameModel(model, join(path, modelFiles.topology));
      return model;
    }
    model.dispose();
    throw new Error(problem);
  } catch (error) {
    throw new ModelFolderError(
      `${join(path, modelFiles.topology)} does not describe a model that can be built${reasonOf(error as Error)}`,
      { hint: restoreHint, cause: error },
    );
  }
}

/** Where a model that could be built is not the one that the description speaks of. */
function findMisfit(model: tf.LayersModel, { input, labels, task }: ModelDescription): string | undefined {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) return "it has more than one input or output";
  const given = model.inputs[0]?.shape.slice(1) ?? [];
  const isSame =
    given.length === input.shape.length &&
    given.every((size, axis) => size === null || input.shape[axis] === null || size === input.shape[axis]);
  if (!isSame)
    return `it takes ${formatShape(given)}, and ${modelFiles.description} states ${formatShape(input.shape)}`;
  const outputs = model.outputs[0]?.shape.at(-1);
  const fits = outputs === labels?.length || (outputs === 1 && labels?.length === 2);
  if (task !== "classification" || fits) return undefined;
  return `it has ${outputs} outputs, and ${modelFiles.description} names ${labels?.length ?? 0} labels`;
}

function parseJson(file: string, bytes: Buffer): unknown {
  try {
    return parseModelJson(bytes);
  } catch (error) {
    throw damaged(file, `it is not JSON that can be read (${(error as Error).message})`);
  }
}
