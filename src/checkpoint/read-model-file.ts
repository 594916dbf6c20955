import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { ModelFolderError } from "../shared/errors";

/** How to mend a file of a model folder. */
export const restoreHint = "Copy the model folder anew from where it came from, or train it again.";

export function damaged(file: string, problem: string): ModelFolderError {
  return new ModelFolderError(`${file} is damaged: ${problem}`, { hint: restoreHint });
}

/**
 * All bytes of `file` in the model folder `path`. Throws ModelFolderError when it is missing, a link that leads elsewhere, no
 * regular file (a pipe would never end), or when `sizeProblem` says what is wrong with its size; it is then not read.
 */
export async function readModelFile(
  path: string,
  file: string,
  sizeProblem: (bytes: number) => string | undefined,
): Promise<Buffer> {
  const full = join(path, file);
  try {
    if (relative(await realpath(path), await realpath(full)) !== file) {
      throw new ModelFolderError(`${full} is a link to another place; a model's files must be in its folder`, {
        hint: "Put a copy of what it leads to in its place.",
      });
    }
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    const handle = await open(full, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw damaged(full, "it is no regular file");
      const problem = sizeProblem(stats.size);
      if (problem !== undefined) throw damaged(full, problem);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ModelFolderError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "it is missing" : message;
    throw new ModelFolderError(`Can't read ${full}: ${problem}`, { hint: restoreHint, cause: error });
  }
}

/** For files whose size is not stated anywhere: JSON that no model needs more of. */
export function largerThan(mebibytes: number): (bytes: number) => string | undefined {
  return (bytes) =>
    bytes > mebibytes * 2 ** 20 ? `it is larger than ${mebibytes} MiB, more than any model needs` : undefined;
}
