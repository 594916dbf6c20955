import { stat } from "node:fs/promises";

/**
 * Whether `path` is a device, a pipe or a socket (`/dev/stdout`): such a one is written into. A new file renamed to its place
 * would put an end to it.
 */
export async function isSpecialFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}
