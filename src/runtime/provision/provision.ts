import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder";
import { findInstalledRuntime, type InstalledRuntime } from "../installed-runtime";
import { findCompiler } from "./build-addon";
import { setupLockName, stagingPrefix } from "./cache-names";
import { cudaOfFolder } from "./cuda-route";
import { explainIoError } from "./explain-io-error";
import { installRuntime } from "./install-runtime";
import { obtainLibtensorflow, type RouteFailure } from "./obtain-libtensorflow";
import { requireSupportedPlatform } from "./platform-support";
import type { ProvisionOptions } from "./provision-options";
import { withSetupLock } from "./setup-lock";
import { removeStaleRuntimes } from "./stale-runtimes";

export interface ProvisionResult {
  readonly runtime: InstalledRuntime;
  /** False when it was there already, or when another process set it up meanwhile. */
  readonly isNew: boolean;
  /** The routes that were tried before. */
  readonly failures: readonly RouteFailure[];
}

/**
 * Makes the runtime of a device ready in the user's cache: gets libtensorflow, compiles the addon against it, tries it in a child
 * process, and only then puts it in place by rename. Safe when several processes do it at once: the second waits for
 * the first and takes its result. Throws EnvironmentError that says what each route lacked; leaves no half-made files.
 */
export async function provisionRuntime(options: ProvisionOptions): Promise<ProvisionResult> {
  const { reporter, signal, device = "cpu" } = options;
  requireSupportedPlatform(device);
  const isStated = options.from !== undefined || options.cuda !== undefined;
  const isWanted = (found: InstalledRuntime | undefined) => found && !options.isForced && !isStated;
  const present = findInstalledRuntime(device);
  if (present && isWanted(present)) return { runtime: present, isNew: false, failures: [] };
  const cache = cacheFolder();
  try {
    await mkdir(cache, { recursive: true });
    const onWait = (pid: number) => reporter.note(`Another dlctl setup is at work (process ${pid}); waiting for it`);
    return await withSetupLock(
      join(cache, setupLockName),
      async () => {
        const made = findInstalledRuntime(device);
        if (made && isWanted(made)) return { runtime: made, isNew: false, failures: [] };
        return await provisionLocked(cache, options);
      },
      { onWait, signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw explainIoError(error, cache);
  }
}

async function provisionLocked(cache: string, options: ProvisionOptions): Promise<ProvisionResult> {
  await removeLeftovers(cache);
  // First what is quickest to find out: nobody should download 270 MB to learn that there is no compiler.
  await findCompiler(options.signal);
  if (options.cuda !== undefined && options.cuda !== "pip") await cudaOfFolder(options.cuda);
  const staging = await mkdtemp(join(cache, stagingPrefix));
  try {
    const place = { cache, staging };
    const obtained = await obtainLibtensorflow(place, options);
    const runtime = await installRuntime(place, obtained, options);
    await removeStaleRuntimes(cache);
    return { runtime, isNew: true, failures: obtained.failures };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Folders of set-ups that were killed: whoever holds the lock is the only one at work. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith(stagingPrefix)) await rm(join(cache, name), { recursive: true, force: true });
  }
}
