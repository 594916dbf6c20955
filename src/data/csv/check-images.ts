import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { DataError } from "../../shared/errors";
import type { TableExamples } from "./read-examples";

/**
 * Throws DataError, naming the row, for an image file that is not there: before a run begins, not in the middle of it.
 * Each folder is listed once, so that a hundred thousand rows are checked in moments.
 */
export async function checkImages({ path, rows, images }: TableExamples, signal?: AbortSignal): Promise<void> {
  const listings = new Map<string, ReadonlySet<string>>();
  for (const [index, image] of images.entries()) {
    const folder = dirname(image);
    let names = listings.get(folder);
    if (!names) {
      signal?.throwIfAborted();
      names = new Set(await readdir(folder).catch(() => []));
      listings.set(folder, names);
    }
    if (names.has(basename(image))) continue;
    // A file system may take a name for another that differs in case or Unicode form.
    const info = await stat(image).catch(() => undefined);
    if (info?.isFile()) continue;
    throw new DataError(`${path} row ${rows[index]}: there is no image file ${image}`, {
      hint: "Paths in the image column are relative to the table's folder.",
    });
  }
}
