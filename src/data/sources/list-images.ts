import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareCodePoints } from "../../shared/compare-code-points";
import { fileSystemPath, pathFromBytes } from "../../shared/path-bytes";
import { explainReadError } from "../explain-read-error";
import { hasImageEnding } from "./image-endings";

/** What was met on the way and is no image. */
export interface SkippedFiles {
  hidden: number;
  links: number;
  /** Number of files by their ending, lower case. */
  readonly others: Map<string, number>;
}

export function noSkippedFiles(): SkippedFiles {
  return { hidden: 0, links: 0, others: new Map() };
}

/** Names that start with a dot, and what macOS puts into zip files. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

/**
 * The entries of a folder by code point, links followed. What is neither file nor folder, and links that lead nowhere or
 * to a folder that holds them, are counted. Names are as `pathFromBytes` gives them.
 */
export async function readFolder(
  folder: string,
  skipped: SkippedFiles,
): Promise<{ readonly folders: string[]; readonly files: string[] }> {
  const entries = await listFolder(folder).catch((error: unknown) => {
    throw explainReadError(error, folder, "folder");
  });
  const folders: string[] = [];
  const files: string[] = [];
  for (const { name, entry } of entries) {
    if (isHidden(name)) {
      skipped.hidden++;
      continue;
    }
    const info = entry.isSymbolicLink() ? await followLink(folder, name) : entry;
    if (info?.isDirectory()) folders.push(name);
    else if (info?.isFile()) files.push(name);
    else skipped.links++;
  }
  return { folders: folders.sort(compareCodePoints), files: files.sort(compareCodePoints) };
}

interface Entry {
  readonly name: string;
  readonly entry: Dirent<string> | Dirent<Buffer>;
}

async function listFolder(folder: string): Promise<Entry[]> {
  const path = fileSystemPath(folder);
  const entries = await readdir(path, { withFileTypes: true });
  // Bytes cost more memory than text, and matter only where a name may not be UTF-8.
  if (!entries.some(({ name }) => name.includes("\ufffd")))
    return entries.map((entry) => ({ name: entry.name, entry }));
  const raw = await readdir(path, { withFileTypes: true, encoding: "buffer" });
  return raw.map((entry) => ({ name: pathFromBytes(entry.name), entry }));
}

/** undefined where it leads nowhere, or to a folder that holds the link: a circle. */
async function followLink(folder: string, name: string): Promise<Stats | undefined> {
  const path = join(folder, name);
  const info = await stat(fileSystemPath(path)).catch(() => undefined);
  if (!info?.isDirectory()) return info;
  return foldersAround(await realPath(folder)).has(await realPath(path)) ? undefined : info;
}

async function realPath(path: string): Promise<string> {
  return pathFromBytes(await realpath(fileSystemPath(path), "buffer"));
}

/** `folder` and all that it lies in. */
function foldersAround(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let each = folder; !found.has(each); each = dirname(each)) found.add(each);
  return found;
}

/**
 * Paths of all images in `folder` and the folders in it, in a fixed order. A link to a folder that is being listed
 * already is counted as skipped, so that circles end.
 */
export async function listImages(folder: string, skipped: SkippedFiles, signal?: AbortSignal): Promise<string[]> {
  const images: string[] = [];
  const walk = async (current: string, above: ReadonlySet<string>): Promise<void> => {
    signal?.throwIfAborted();
    const real = await realPath(current);
    if (above.has(real)) {
      skipped.links++;
      return;
    }
    const { folders, files } = await readFolder(current, skipped);
    for (const name of files) {
      if (hasImageEnding(name)) images.push(join(current, name));
      else countOther(name, skipped);
    }
    for (const name of folders) await walk(join(current, name), new Set([...above, real]));
  };
  await walk(folder, new Set());
  return images;
}

export function countOther(name: string, { others }: SkippedFiles): void {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot).toLowerCase() : "without ending";
  others.set(ending, (others.get(ending) ?? 0) + 1);
}

/** Sentences for people about what was skipped. */
export function describeSkipped({ hidden, links, others }: SkippedFiles): string[] {
  const sentences: string[] = [];
  const count = [...others.values()].reduce((sum, number) => sum + number, 0);
  if (count > 0) {
    const kinds = [...others.keys()].sort(compareCodePoints).slice(0, 5).join(", ");
    sentences.push(`${files(count)} of other types ${were(count)} skipped (${kinds}${others.size > 5 ? ", ..." : ""})`);
  }
  if (hidden > 0) sentences.push(`${hidden} hidden ${hidden === 1 ? "entry was" : "entries were"} skipped`);
  if (links > 0)
    sentences.push(
      `${links} ${links === 1 ? "link that leads" : "links that lead"} nowhere or in a circle ${were(links)} skipped`,
    );
  return sentences;
}

const files = (count: number) => `${count} ${count === 1 ? "file" : "files"}`;
const were = (count: number) => (count === 1 ? "was" : "were");
