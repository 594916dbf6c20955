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
  /** A text that was given itself; `input` is it too. */
  readonly text?: string;
  /** Rows that came on standard input, one JSON object a line. */
  readonly jsonLines?: string;
}

/** What a model's inputs are. */
export type TakenInputs = "images" | "texts" | "tables";

export interface ExpandedInputs {
  readonly inputs: readonly FoundInput[];
  /** Sentences for people about files that were skipped. */
  readonly skipped: readonly string[];
}

interface ExpandOptions {
  /** The whole text of standard input, for `-`. */
  readonly readList: () => Promise<string>;
  /** Folders of images are read recursively. */
  readonly takes: TakenInputs;
  readonly signal?: AbortSignal;
}

/**
 * The files that are meant by what the user gave: files as they are, folders recursively, globs where no such file
 * exists, and for `-` what standard input holds: a list of files, rows as JSON lines where the model takes tables or texts,
 * or a text a line where it takes texts. In the order given, inside a folder in a fixed order. Never throws for an
 * input that isn't there: it is a FoundInput with a problem.
 */
export async function expandInputs(given: readonly string[], options: ExpandOptions): Promise<ExpandedInputs> {
  const skipped = noSkippedFiles();
  const inputs: FoundInput[] = [];
  for (const text of given) {
    const named = text === "-" ? readGiven(await options.readList(), options.takes) : [text];
    for (const each of named) {
      options.signal?.throwIfAborted();
      const found = typeof each === "string" ? await expandOne(each, skipped, options) : [each];
      for (const one of found) inputs.push(one);
    }
  }
  if (inputs.length === 0) {
    throw new DataError("The list on standard input is empty", { hint: hints[options.takes] });
  }
  return { inputs, skipped: describeSkipped(skipped) };
}

const hints: Record<TakenInputs, string> = {
  images: "Give one path a line: ls *.png | dlctl predict <model/> -",
  texts: "Give one text a line: dlctl predict <model/> - < texts.txt",
  tables: "Give one path a line, or rows as JSON lines: dlctl predict <model/> - < rows.jsonl",
};

/** Paths, or inputs themselves. */
function readGiven(text: string, takes: TakenInputs): readonly (string | FoundInput)[] {
  if (takes !== "images" && text.trimStart().startsWith("{")) return [{ input: "-", jsonLines: text }];
  if (takes !== "texts") return splitList(text);
  const lines = text.split(/\r?\n/);
  // What ends the last line begins none.
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => ({ input: line, text: line }));
}

/** One path a line; separated by NUL bytes where there are any (`find -print0`). */
function splitList(text: string): string[] {
  return text.split(text.includes("\0") ? "\0" : /\r?\n/).filter((name) => name !== "");
}

async function expandOne(
  name: string,
  skipped: SkippedFiles,
  { takes, signal }: ExpandOptions,
): Promise<readonly FoundInput[]> {
  const areImages = takes === "images";
  const info = lookUp(name);
  if (typeof info === "string") return [{ input: name, problem: info }];
  if (info === undefined) return expandGlob(name, skipped, areImages);
  if (!info.isDirectory()) return [{ input: name }];
  if (!areImages) return [{ input: name, problem: `It is a folder; this model takes ${files[takes]}` }];
  const images = await listImages(name, skipped, signal).catch((error: unknown) => {
    if (error instanceof DataError) return error.message;
    throw error;
  });
  if (typeof images === "string") return [{ input: name, problem: images }];
  if (images.length === 0) return [{ input: name, problem: "The folder holds no images" }];
  return images.map((input) => ({ input }));
}

const files: Record<Exclude<TakenInputs, "images">, string> = {
  tables: "tables (csv, tsv or jsonl files)",
  texts: "text files, and tables with a text in each row",
};

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
