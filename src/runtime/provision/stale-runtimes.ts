import { readdirSync, readlinkSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { findInstalledRuntime, type NativeDevice, platformAddonPrefix } from "../installed-runtime";
import { libraryPrefix, setupLockName } from "./cache-names";
import { withSetupLock } from "./setup-lock";

const devices: readonly NativeDevice[] = ["cpu", "gpu"];

/** Runtimes of other dlctls that stay, those last used: more than one version may be in use on a machine. */
const keptOthers = 4;
const keptMilliseconds = 30 * 86_400_000;

/**
 * The folders in the cache that hold runtimes of other versions of dlctl and were not used for 30 days, or less lately than four others,
 * and each libtensorflow that no runtime is linked to any more. Those of other platforms are left alone.
 */
export function findStaleRuntimes(cache: string): string[] {
  const names = namesIn(cache);
  const addons = names.filter((name) => devices.some((device) => name.startsWith(platformAddonPrefix(device))));
  const current = devices.flatMap((device) => findInstalledRuntime(device)?.folder ?? []).map((path) => basename(path));
  const others = addons
    .filter((name) => !current.includes(name))
    .map((name) => ({ name, usedAt: statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.usedAt - a.usedAt);
  const stale = others
    .filter(({ usedAt }, index) => index >= keptOthers || Date.now() - usedAt > keptMilliseconds)
    .map(({ name }) => name);
  const linked = addons.filter((name) => !stale.includes(name)).map((name) => libraryOf(join(cache, name)));
  const libraries = names
    .filter((name) => devices.some((device) => name.startsWith(libraryPrefix(device))))
    .filter((name) => !linked.includes(name));
  return [...stale, ...libraries].map((name) => join(cache, name));
}

/** Removes them and returns their paths; for whoever holds the set-up's lock. Processes that run keep the files that they have loaded. */
export async function removeStaleRuntimes(cache: string): Promise<readonly string[]> {
  const paths = findStaleRuntimes(cache);
  for (const path of paths) await rm(path, { recursive: true, force: true });
  return paths;
}

/** The same for a process that is not setting up: waits for one that is, of which `onWait` tells. */
export async function clearStaleRuntimes(
  cache: string,
  waiting: { readonly onWait: (pid: number) => void; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  if (findStaleRuntimes(cache).length === 0) return [];
  return withSetupLock(join(cache, setupLockName), () => removeStaleRuntimes(cache), waiting);
}

/** The name of the folder whose `lib` an addon is linked to; undefined where it can't be read. */
function libraryOf(addon: string): string | undefined {
  try {
    return basename(dirname(resolve(addon, readlinkSync(join(addon, "lib")))));
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
