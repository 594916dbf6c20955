import { realpathSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import type { InstalledRuntime } from "./installed-runtime";

/** Within this time after a mark another one would say nothing new. */
const exactMilliseconds = 60 * 60_000;

/**
 * Notes in the modification times of a runtime's folder and its libtensorflow's that it is used: set-up removes runtimes of other dlctls
 * that nobody has used for long. Where that can't be written, as in a cache that is shared for reading, nothing happens.
 */
export function markRuntimeUsed({ folder }: Pick<InstalledRuntime, "folder">): void {
  try {
    const now = new Date();
    if (now.getTime() - statSync(folder).mtimeMs < exactMilliseconds) return;
    utimesSync(folder, now, now);
    utimesSync(dirname(realpathSync(join(folder, "lib"))), now, now);
  } catch {
    // It is used all the same.
  }
}
