import { existsSync, statSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { modelFromArtifacts } from "../model/model-artifacts";
import type { tf } from "../runtime/tf";
import { ModelFolderError } from "../shared/errors";
import { type ModelDescription, modelDescriptionSchema, modelFormatVersion } from "./model-description";
import { findRun, modelFiles } from "./model-files";
import { declaredBytes, modelTopologySchema } from "./model-topology";
import { settleModelFolder } from "./replace-model";
import { sha256 } from "./tensor-file";

export type { ModelDescription } from "./model-description";

/** A finished model on disk, checked: sums, sizes and description are right. */
export interface ModelFolder {
  /** As given. */
  readonly path: string;
  readonly description: ModelDescription;
  /** The model with its weights, on the running device. The caller disposes it. */
  loadModel(): Promise<tf.LayersModel>;
}

interface ModelFileContents {
  readonly topology: Buffer;
  readonly weights: Buffer;
}

/**
 * Opens a model folder. Throws ModelFolderError that names the file and what is wrong with it: missing, damaged, of a newer
 * dlctl, pointing out of the folder. Reads JSON and numbers; executes nothing.
 */
export async function readModelFolder(path: string): Promise<ModelFolder> {
  await requireModelFolder(path);
  let { description, files } = await readWhileReplaced(path);
  const used = new WeakSet<ModelFileContents>();
  return {
    path,
    description,
    loadModel: async () => {
      // The bytes that were checked are the ones that are used; they are not kept longer than that.
      if (used.has(files)) files = await readFiles(path, description);
      used.add(files);
      return buildFrom(path, files);
    },
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
async function readWhileReplaced(path: string): Promise<{ description: ModelDescription; files: ModelFileContents }> {
  for (let attempt = 1; ; attempt++) {
    const text = await readText(path, modelFiles.description);
    try {
      const description = parseDescription(path, text);
      return { description, files: await readFiles(path, description) };
    } catch (error) {
      await settleModelFolder(path);
      const now = await readText(path, modelFiles.description);
      if (now === text || attempt === 5) throw error;
    }
  }
}

async function readText(path: string, file: string): Promise<string> {
  return (await readConfined(path, file)).toString("utf8");
}

function parseDescription(path: string, text: string): ModelDescription {
  const file = join(path, modelFiles.description);
  const content = parseJson(file, text);
  const { formatVersion } = Object(content) as { formatVersion?: unknown };
  if (typeof formatVersion === "number" && formatVersion > modelFormatVersion) {
    throw new ModelFolderError(
      `${file} is of format ${formatVersion}, made by a newer dlctl; this one reads formats up to ${modelFormatVersion}`,
      { hint: "Update dlctl." },
    );
  }
  const parsed = modelDescriptionSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(file, `${issue?.path.join(".")}: ${issue?.message}`);
}

async function readFiles(path: string, { files }: ModelDescription): Promise<ModelFileContents> {
  const [topology, weights] = await Promise.all([
    readChecked(path, modelFiles.topology, files),
    readChecked(path, modelFiles.weights, files),
    // Read only to say when it is not the one that was written: people run it.
    ...(files[modelFiles.layers] === undefined ? [] : [readChecked(path, modelFiles.layers, files)]),
  ]);
  return { topology, weights };
}

async function readChecked(path: string, file: string, sums: ModelDescription["files"]): Promise<Buffer> {
  const sum = sums[file];
  if (sum === undefined) throw damaged(join(path, modelFiles.description), `it has no SHA-256 sum of ${file}`);
  const bytes = await readConfined(path, file);
  if (sha256(bytes) !== sum) {
    throw damaged(join(path, file), `its SHA-256 sum is not the one in ${modelFiles.description}`);
  }
  return bytes;
}

/** Reads a file of the folder; a link that leads out of the folder is refused. */
async function readConfined(path: string, file: string): Promise<Buffer> {
  const full = join(path, file);
  try {
    if (relative(await realpath(path), await realpath(full)) !== file) {
      throw new ModelFolderError(`${full} is a link to another place; a model's files must be in its folder`);
    }
    return await readFile(full);
  } catch (error) {
    if (error instanceof ModelFolderError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "it is missing" : message;
    throw new ModelFolderError(`Can't read ${full}: ${problem}`, { hint: restoreHint, cause: error });
  }
}

async function buildFrom(path: string, { topology, weights }: ModelFileContents): Promise<tf.LayersModel> {
  const file = join(path, modelFiles.topology);
  const parsed = modelTopologySchema.safeParse(parseJson(file, topology.toString("utf8")));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(file, `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { modelTopology, weightsManifest } = parsed.data;
  const weightSpecs = weightsManifest[0].weights;
  const expected = declaredBytes(weightSpecs);
  if (weights.length !== expected) {
    const size = `it has ${weights.length} bytes, and ${modelFiles.topology} declares ${expected}`;
    throw damaged(join(path, modelFiles.weights), size);
  }
  // A Buffer may be a part of a larger pool; the model wants memory of its own.
  const weightData = new Uint8Array(weights).buffer;
  try {
    return await modelFromArtifacts({ modelTopology, weightSpecs, weightData });
  } catch (error) {
    throw new ModelFolderError(`${file} does not describe a model that can be built: ${(error as Error).message}`, {
      hint: restoreHint,
      cause: error,
    });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(file, `it is not JSON (${(error as Error).message})`);
  }
}

const restoreHint = "Copy the model folder anew from where it came from, or train it again.";

function damaged(file: string, problem: string): ModelFolderError {
  return new ModelFolderError(`${file} is damaged: ${problem}`, { hint: restoreHint });
}
