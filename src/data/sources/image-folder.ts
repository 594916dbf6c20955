import { resolve } from "node:path";
import { z } from "zod";
import { DataError } from "../../shared/errors";
import type { ExampleSet } from "../example-set";
import { classTargets } from "./class-targets";
import { defineSource } from "./define-source";
import { type ClassFolder, findClassFolders } from "./find-class-folders";
import { labels } from "./label-list";
import { describeSkipped, listImages, noSkippedFiles } from "./list-images";

export const imageFolder = defineSource({
  type: "image-folder",
  description:
    "Image files in one folder for each class, or in train, validation (or val) and test folders of classes.",
  options: {
    path: z.string().min(1).describe("Folder of the class folders, or of the split folders."),
    labels,
  },
  paths: ["path"],
  async open({ path }, context) {
    const root = resolve(context.baseFolder, path);
    const skipped = noSkippedFiles();
    const folders = await findClassFolders(root, skipped);
    const paths: string[] = [];
    /** For each class folder, the number of the first example after it. */
    const ends: number[] = [];
    for (const folder of folders) {
      checkLabel(folder, context.labels);
      const images = await listImages(folder.path, skipped, context.signal);
      if (images.length === 0) {
        throw new DataError(`The class folder ${folder.path} has no images`, {
          hint: "Add images (JPEG, PNG, WebP, GIF, TIFF or AVIF), or remove the folder.",
        });
      }
      for (const image of images) paths.push(image);
      ends.push(paths.length);
    }
    const folderOf = lookUp(folders, ends);
    const warnings = [...describeSkipped(skipped), ...missingLabels(folders, context.labels)];
    return imageSet(paths, folderOf, context.labels, warnings);
  },
});

function imageSet(
  paths: readonly string[],
  folderOf: readonly ClassFolder[],
  labels: readonly string[] | undefined,
  warnings: readonly string[],
): ExampleSet {
  const count = paths.length;
  const given = folderOf.map(({ label }) => label);
  const origin = (index: number) => paths[index] as string;
  return {
    inputs: { kind: "image", count, image: (index) => ({ path: paths[index] as string }) },
    targets: classTargets({ given, labels, origin, where: "folders" }),
    count,
    ownSplit: (index) => folderOf[index]?.split,
    origin,
    warnings,
  };
}

function lookUp(folders: readonly ClassFolder[], ends: readonly number[]): ClassFolder[] {
  const folderOf: ClassFolder[] = [];
  for (const [position, folder] of folders.entries()) {
    while (folderOf.length < (ends[position] as number)) folderOf.push(folder);
  }
  return folderOf;
}

/** Before thousands of files are listed in vain. */
function checkLabel({ label, path }: ClassFolder, labels: readonly string[] | undefined): void {
  if (labels && !labels.includes(label)) {
    throw new DataError(`The folder ${path} is not one of the stated labels`, {
      hint: `data.labels names: ${labels.join(", ")}. Add "${label}" there, or move the folder away.`,
    });
  }
}

function missingLabels(folders: readonly ClassFolder[], labels: readonly string[] = []): string[] {
  const found = new Set(folders.map(({ label }) => label));
  const missing = labels.filter((label) => !found.has(label));
  return missing.length > 0 ? [`no folder for the label ${missing.map((label) => `"${label}"`).join(", ")}`] : [];
}
