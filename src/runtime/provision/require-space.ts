import { statfs } from "node:fs/promises";
import { EnvironmentError } from "../../shared/errors";

/** Throws EnvironmentError when the disk of `folder` has less than `bytes` free; `what` needs them, and `hint` says how to mend it. */
export async function requireSpace(folder: string, bytes: number, what: string, hint: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new EnvironmentError(
    `${what} about ${bytes / 1e9} GB in ${folder}, and ${(free / 1e9).toFixed(2)} GB are free`,
    { hint },
  );
}
