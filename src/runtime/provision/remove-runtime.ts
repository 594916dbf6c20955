import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder";
import type { NativeDevice } from "../installed-runtime";
import { setupLockName, stagingPrefix } from "./cache-names";
import { explainIoError } from "./explain-io-error";
import { withSetupLock } from "./setup-lock";

/** What `dlctl setup` puts into the cache folder; other things there are not touched. */
const ours = /^((addon|libtensorflow)-(gpu|cpu)|cuda-linux)-/;
const gpuOnly = /^((addon|libtensorflow)-gpu|cuda-linux)-/;
const cpuOnly = /^(addon|libtensorflow)-cpu-/;

/** Whether a name in the cache folder is of `dlctl setup`: a runtime, one in the making, or its lock. */
export function isRuntimeName(name: string): boolean {
  return ours.test(name) || name.startsWith(stagingPrefix) || name === setupLockName;
}

/** Removes the native runtimes of `device`, or all, from the user's cache. Returns the paths that were removed and the bytes that were freed. */
export async function removeRuntimes(device?: NativeDevice): Promise<{ paths: string[]; bytes: number }> {
  const cache = cacheFolder();
  const names = await readdir(cache).catch(() => [] as string[]);
  const wanted = device === undefined ? ours : device === "gpu" ? gpuOnly : cpuOnly;
  if (!names.some((name) => wanted.test(name) || name.startsWith(stagingPrefix))) return { paths: [], bytes: 0 };
  try {
    return await withSetupLock(join(cache, setupLockName), async () => {
      // Addons first: one without its library would be found and fail.
      const paths = names.filter((name) => wanted.test(name) || name.startsWith(stagingPrefix)).sort();
      let bytes = 0;
      for (const name of paths) {
        bytes += await sizeOf(join(cache, name));
        await rm(join(cache, name), { recursive: true, force: true });
      }
      return { paths: paths.map((name) => join(cache, name)), bytes };
    });
  } catch (error) {
    throw explainIoError(error, cache);
  }
}

/** Links count for nothing: an addon's `lib` leads to libraries that are counted where they are. */
async function sizeOf(path: string): Promise<number> {
  const info = await lstat(path);
  if (!info.isDirectory()) return info.isFile() ? info.size : 0;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
