import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { usableLevels } from "../instruction-levels";
import { ownOpsFile } from "../own-ops";
import { probeAddon } from "../probe-addon";

/**
 * Tries dlctl's own operations, in child processes, for each level of instructions that this processor has, and takes away what
 * does not compute. Returns what was wrong, or undefined. `addon` is the folder that holds them and the addon.
 */
export async function removeBrokenOwnOps(addon: string): Promise<string | undefined> {
  for (const level of usableLevels().filter(({ library }) => library === undefined)) {
    const path = join(addon, ownOpsFile(level));
    if (!existsSync(path)) continue;
    const { isWorking, problem } = await probeAddon(join(addon, "tfjs_binding.node"), { ownOpsPath: path });
    if (isWorking) continue;
    await rm(path);
    return `for ${level.name}: ${problem}`;
  }
  return undefined;
}
