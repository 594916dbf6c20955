import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "../config/config-schema";
import { DataError } from "../shared/errors";

/**
 * The `data` of a config that reads `path` whole, laid out as the data that `trained` the model: a folder of class folders, a table
 * with the same columns, a text for a language model, or IDX images with their labels beside them. Throws DataError when it is none of these.
 */
export function locateData(path: string, trained: Config["data"]): Config["data"] {
  const { preprocess, augment, cache, onBadFile } = trained;
  const common = { preprocess, augment, cache, onBadFile };
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) throw new DataError(`There is no file or folder ${path}`, { hint: "Check the path." });
  const absolute = resolve(path);
  const isTable = trained.source === "csv" && trained.columns.image === undefined;
  if (info.isDirectory()) {
    if (!isTable && trained.source !== "text") return { ...common, source: "image-folder", path: absolute };
    const what = isTable ? "table" : "text";
    throw new DataError(`${path} is a folder, and the model was trained on a ${what}`, { hint: `Name a ${what}.` });
  }
  if (trained.source === "text") {
    const { validation, test, split, ...rest } = trained;
    return { ...rest, path: absolute };
  }
  if (/\.(csv|tsv|tab|jsonl|ndjson)$/i.test(path) || isTable) return { ...table(trained, path), path: absolute };
  return { ...common, source: "idx", images: absolute, labels: labelsBeside(absolute) };
}

function table(trained: Config["data"], path: string) {
  if (trained.source === "csv") {
    const { validation, test, split, ...rest } = trained;
    return rest;
  }
  throw new DataError(`${path} is a table, and the model was trained on ${trained.source} data`, {
    hint: "Name a folder with a folder of images for each class.",
  });
}

/** `t10k-labels-idx1-ubyte.gz` for `t10k-images-idx3-ubyte.gz`. */
function labelsBeside(images: string): string {
  const labels = images.replace(/images(?!.*images)/i, "labels").replace(/idx[34](?!.*idx)/i, "idx1");
  if (labels !== images && existsSync(labels)) return labels;
  throw new DataError(`${images} can't be evaluated: its labels are not known`, {
    hint: "Name a folder with a folder of images for each class, a table, or IDX images with a labels file of the same name beside them.",
  });
}
