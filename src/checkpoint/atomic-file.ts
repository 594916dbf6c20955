import { randomBytes } from "node:crypto";
import { open, readdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writing } from "./explain-write-error";
import { isSpecialFile } from "./is-special-file";
import { removeLeftover } from "./remove-leftover";

/**
 * Writes a file so that at `path` there is either what was there before or all of `data`, whatever happens meanwhile: to a
 * temporary name beside it, synced, renamed. Throws EnvironmentError when it can't be written; nothing is left then. A device or
 * a pipe is written into. `otherPlace`: see `explainWriteError`.
 */
export async function writeFileAtomically(path: string, data: string | Uint8Array, otherPlace?: string): Promise<void> {
  if (await isSpecialFile(path)) return writing(path, () => writeFile(path, data), otherPlace);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  await writing(
    path,
    async () => {
      try {
        await writeFileSynced(temporary, data);
        await rename(temporary, path);
      } catch (error) {
        await removeLeftover(temporary);
        throw error;
      }
      await syncFolder(dirname(path));
    },
    otherPlace,
  );
}

/** Removes what a killed process left of files and folders that were to be put into `folder`, or taken from it, at once. */
export async function clearTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^\..+\.[0-9a-f]{8}\.tmp$/.test(name)) await removeLeftover(join(folder, name));
  }
}

/** Writes a new file and waits until the disk has it. */
export async function writeFileSynced(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has the names in `folder`; without effect where a folder can't be synced. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows and some network file systems refuse; the rename itself has succeeded.
  }
}
