import { type Stats, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { hasImageEnding } from "../data/sources/image-endings";
import {
  countOther,
  describeSkipped,
  listImages,
  noSkippedFiles,
  type SkippedFiles,
} from "../data/sources/list-images";
import { compareCodePoints } from "../shared/compare-code-points";
import { DataError } from "../shared/errors";
import { fileSystemPath } from "../shared/path-bytes";

/** A file to predict, or an input that can't be one, and why. */
export interface FoundInput {
  /** The path as given, joined with the path inside a folder. */
  readonly input: string;
  readonly problem?: string;
}

export interface ExpandedInputs {
  readonly inputs: readonly FoundInput[];
  /** Sentences for people about files that were skipped. */
  readonly skipped: readonly string[];
}

interface ExpandOptions {
  /** The whole text of standard input, for `-`. */
  readonly readList: () => Promise<string>;
  /** Whether the inputs are images: then folders are read recursively. */
  readonly areImages: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The files that are meant by what the user gave: files as they are, folders recursively, globs where no such file
 * exists, and for `-` a list on standard input. In the order given, inside a folder in a fixed order. Never throws for an
 * input that isn't there: it is a FoundInput with a problem.
 */
export async function expandInputs(given: readonly string[], options: ExpandOptions): Promise<ExpandedInputs> {
  const skipped = noSkippedFiles();
  const inputs: FoundInput[] = [];
  for (const text of given) {
    const names = text === "-" ? splitList(await options.readList()) : [text];
    for (const name of names) {
      options.signal?.throwIfAborted();
      for (const found of await expandOne(name, skipped, options)) inputs.push(found);
    }
  }
  if (inputs.length === 0) {
    throw new DataError("The list on standard input is empty", {
      hint: "Give one path a line: ls *.png | dlctl predict <model/> -",
    });
  }
  return { inputs, skipped: describeSkipped(skipped) };
}

/** One path a line; separated by NUL bytes where there are any (`find -print0`). */
function splitList(text: string): string[] {
  return text.split(text.includes("\0") ? "\0" : /\r?\n/).filter((name) => name !== "");
}

async function expandOne(
  name: string,
  skipped: SkippedFiles,
  { areImages, signal }: ExpandOptions,
): Promise<readonly FoundInput[]> {
  const info = lookUp(name);
  if (typeof info === "string") return [{ input: name, problem: info }];
  if (info === undefined) return expandGlob(name, skipped, areImages);
  if (!info.isDirectory()) return [{ input: name }];
  if (!areImages)
    return [{ input: name, problem: "It is a folder; this model takes tables (csv, tsv or jsonl files)" }];
  const images = await listImages(name, skipped, signal).catch((error: unknown) => {
    if (error instanceof DataError) return error.message;
    throw error;
  });
  if (typeof images === "string") return [{ input: name, problem: images }];
  if (images.length === 0) return [{ input: name, problem: "The folder holds no images" }];
  return images.map((input) => ({ input }));
}

/** undefined where nothing is; a sentence where it can't be looked at. */
function lookUp(path: string): Stats | string | undefined {
  try {
    return statSync(fileSystemPath(path), { throwIfNoEntry: false });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR" || code === "ENAMETOOLONG") return undefined;
    return code === "EACCES" || code === "EPERM" ? "No permission to read it" : message;
  }
}

async function expandGlob(pattern: string, skipped: SkippedFiles, areImages: boolean): Promise<FoundInput[]> {
  // Loaded when it is needed: most calls name files.
  const { glob, isDynamicPattern } = await import("tinyglobby");
  if (!isDynamicPattern(pattern)) return [{ input: pattern, problem: "There is no such file or folder" }];
  const paths = await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false });
  const wanted = paths.sort(compareCodePoints).filter((path) => {
    if (!areImages || hasImageEnding(path)) return true;
    countOther(path, skipped);
    return false;
  });
  if (wanted.length === 0) return [{ input: pattern, problem: "No file matches it" }];
  return wanted.map((input) => ({ input }));
}
