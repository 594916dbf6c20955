import { join } from "node:path";
import { DataError } from "../../shared/errors";
import type { SplitName } from "../example-set";
import { countOther, readFolder, type SkippedFiles } from "./list-images";

export interface ClassFolder {
  readonly label: string;
  readonly path: string;
  readonly split: SplitName | undefined;
}

const splitFolders: Record<string, SplitName> = {
  train: "train",
  validation: "validation",
  val: "validation",
  test: "test",
};

/**
 * The class folders in `root`: its own folders, or those in its `train`, `validation` (or `val`) and `test` folders
 * where it has a `train` folder that holds folders and nothing but such names. A `train` folder does not pin its
 * examples: `data.split` may take from them.
 */
export async function findClassFolders(root: string, skipped: SkippedFiles): Promise<ClassFolder[]> {
  const { folders, files } = await readFolder(root, skipped);
  if (folders.length === 0) {
    throw new DataError(`${root} has no class folders${files.length > 0 ? `, only ${files.length} files` : ""}`, {
      hint: "Put the images of each class into a folder of its own, named after the class.",
    });
  }
  for (const name of files) countOther(name, skipped);
  const areSplits = folders.every((name) => Object.hasOwn(splitFolders, name));
  if (!areSplits) return folders.map((label) => ({ label, path: join(root, label), split: undefined }));
  return findSplits(root, folders, skipped);
}

async function findSplits(root: string, names: readonly string[], skipped: SkippedFiles): Promise<ClassFolder[]> {
  if (names.includes("val") && names.includes("validation")) {
    throw new DataError(`${root} has both a val and a validation folder`, { hint: "Keep one of them." });
  }
  const found: ClassFolder[] = [];
  for (const name of names) {
    const path = join(root, name);
    const { folders, files } = await readFolder(path, skipped);
    if (folders.length === 0) {
      throw new DataError(`${path} has no class folders${files.length > 0 ? `, only ${files.length} files` : ""}`, {
        hint: `Put the images of each class into a folder of its own in ${name}/.`,
      });
    }
    for (const file of files) countOther(file, skipped);
    const split = name === "train" ? undefined : splitFolders[name];
    for (const label of folders) found.push({ label, path: join(path, label), split });
  }
  if (!names.includes("train")) {
    throw new DataError(`${root} has ${names.join(" and ")} folders but no train folder`, {
      hint: "Add train/, with a folder for each class in it.",
    });
  }
  return found;
}
