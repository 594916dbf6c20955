import { EnvironmentError } from "../shared/errors";

const explanations: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the system allows",
  EACCES: "it is not writable",
  EPERM: "it is not writable",
  EROFS: "it is on a read-only file system",
  ENOTDIR: "a part of the path is a file and not a folder",
  EEXIST: "there is a file where a folder should be",
  EISDIR: "there is a folder where a file should be",
  ENAMETOOLONG: "the path is too long",
  EMFILE: "too many files are open",
  EPIPE: "its reader has closed it",
  EIO: "the disk does not answer as it should",
};

/** What the user may name instead of the path: a folder for a model, unless the file is of another option. */
const otherFolder = "another folder with --out";

/**
 * Turns a file system error that the user can mend into an EnvironmentError about `path`; gives others back. `otherPlace`
 * is what may be named instead.
 */
export function explainWriteError(error: unknown, path: string, otherPlace = otherFolder): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const explanation = explanations[code];
  if (!explanation || !(error instanceof Error)) return error;
  return new EnvironmentError(`Can't write ${path}: ${explanation}`, {
    hint: `Make room or rights there, or name ${otherPlace}.`,
    cause: error,
  });
}

/** Runs `write`; a file system error that the user can mend becomes an EnvironmentError about `path`. */
export async function writing<T>(path: string, write: () => Promise<T>, otherPlace = otherFolder): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw explainWriteError(error, path, otherPlace);
  }
}
