import { EnvironmentError } from "../../shared/errors";

const explanations: Record<string, string> = {
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "it is not writable",
  EPERM: "it is not writable",
  EROFS: "it is on a read-only file system",
  ENOTDIR: "a part of the path is a file and not a folder",
};

/** Turns a file system error that the user can mend into an EnvironmentError about `folder`; gives others back. */
export function explainIoError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const explanation = explanations[code];
  if (!explanation || !(error instanceof Error)) return error;
  return new EnvironmentError(`Can't write to the cache folder ${folder}: ${explanation}`, {
    hint: "Make room or rights there, or name another folder in XDG_CACHE_HOME. About 1.5 GB are needed during set-up, 0.9 GB after it.",
    cause: error,
  });
}
