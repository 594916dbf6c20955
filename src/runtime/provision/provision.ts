import { mkdir, mkdtemp, readdir, readFile, rename, rm, statfs, symlink, unlink, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { EnvironmentError, UserError } from "../../shared/errors";
import { cacheFolder } from "../cache-folder";
import type { CudaInstallation } from "../cuda/cuda-libraries";
import { fatbinArchitectures } from "../cuda/fatbin-architectures";
import {
  addonFolderPrefix,
  addonRecordName,
  findInstalledRuntime,
  type InstalledRuntime,
  type NativeDevice,
} from "../installed-runtime";
import { probeAddon } from "../probe-addon";
import { buildAddon, findCompiler } from "./build-addon";
import { cudaOfFolder, type ObtainedCuda } from "./cuda-route";
import { explainIoError } from "./explain-io-error";
import { obtainFromFolder } from "./folder-route";
import { obtainFromInstaller } from "./installer-route";
import { obtainFromPip } from "./pip-route";
import { requireSupportedPlatform } from "./platform-support";
import { provideCuda } from "./provide-cuda";
import type { ProvisionReporter } from "./provision-reporter";
import { removeBrokenOwnOps } from "./remove-broken-own-ops";
import { withSetupLock } from "./setup-lock";
import { gpuWheelPins, wheelPins } from "./wheel-pins";

export const setupLockName = "setup.lock";
export const stagingPrefix = ".setup-";

/** libtensorflow unpacked, the wheel beside it while that happens. */
const neededBytes = { cpu: 1.3e9, gpu: 2.2e9 } as const;

export type Route = "folder" | "pip" | "installer";

export interface ProvisionOptions {
  readonly reporter: ProvisionReporter;
  /** What is to compute: the CPU by default. */
  readonly device?: NativeDevice | undefined;
  /** For a GPU: a folder with the CUDA libraries, or `pip` to get them whatever this system has. */
  readonly cuda?: string | undefined;
  /** A folder that holds libtensorflow: the only route taken then. */
  readonly from?: string | undefined;
  /** Gets and builds everything anew, also where a working runtime is there. */
  readonly isForced?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ProvisionResult {
  readonly runtime: InstalledRuntime;
  /** False when it was there already, or when another process set it up meanwhile. */
  readonly isNew: boolean;
  /** The routes that were tried before and why they failed, one line each. */
  readonly failures: readonly { readonly route: Route; readonly problem: string }[];
}

interface Obtained {
  readonly folder: string;
  readonly source: string;
  readonly failures: ProvisionResult["failures"];
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
    const obtained = (await reuse(cache, options)) ?? (await obtain(cache, staging, options));
    return await build(cache, staging, obtained, options);
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

const libraryPrefix = (device: NativeDevice) => `libtensorflow-${device}-${process.platform}-${process.arch}-`;
const libraryRecordName = "libtensorflow.json";

/** A libtensorflow got for an earlier dlctl: only the addon is missing. */
async function reuse(cache: string, options: ProvisionOptions): Promise<Obtained | undefined> {
  const { from, isForced, reporter, device = "cpu" } = options;
  if (from !== undefined || isForced) return undefined;
  const name = (await readdir(cache)).filter((entry) => entry.startsWith(libraryPrefix(device))).at(-1);
  if (!name) return undefined;
  try {
    const record = JSON.parse(await readFile(join(cache, name, libraryRecordName), "utf8"));
    reporter.note(`Using the libtensorflow that is in the cache: ${name}`);
    return { folder: join(cache, name), source: String(record.source), failures: [] };
  } catch {
    return undefined;
  }
}

async function obtain(cache: string, staging: string, options: ProvisionOptions): Promise<Obtained> {
  const { from, reporter, signal, device = "cpu" } = options;
  await requireSpace(cache, neededBytes[device]);
  const folder = join(staging, "libtensorflow");
  if (from !== undefined) {
    return { folder, source: await obtainFromFolder(from, folder, reporter, signal), failures: [] };
  }
  const work = join(staging, "work");
  const failures: { route: Route; problem: string }[] = [];
  const routes = {
    pip: () => obtainFromPip(folder, work, reporter, signal, device === "gpu" ? gpuWheelPins : wheelPins),
    installer: () => obtainFromInstaller(folder, work, reporter, signal),
  };
  // What TensorFlow.js's installer has for GPUs needs CUDA 11 and does not run on current ones.
  for (const route of device === "gpu" ? (["pip"] as const) : (["pip", "installer"] as const)) {
    try {
      return { folder, source: await routes[route](), failures };
    } catch (error) {
      // A full disk or an unwritable cache is the same for every route.
      if (signal?.aborted || error instanceof UserError || explainIoError(error, cache) !== error) throw error;
      failures.push({ route, problem: (error as Error).message });
      reporter.note(`Not through ${routeNames[route]}: ${(error as Error).message}`);
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new EnvironmentError(
    ["Can't get libtensorflow", ...failures.map(({ route, problem }) => `  ${routeNames[route]}: ${problem}`)].join(
      "\n",
    ),
    {
      hint:
        device === "gpu"
          ? "Mend it, or name a folder that holds it: dlctl setup --device gpu --from <folder>. Until then --device cpu works."
          : "Mend one of these, or name a folder that holds it: dlctl setup --from <folder>. Until then --device js works, slowly.",
    },
  );
}

export const routeNames: Readonly<Record<Route, string>> = {
  folder: "the folder you named",
  pip: "pip",
  installer: "TensorFlow.js's installer",
};

async function requireSpace(cache: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(cache);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new EnvironmentError(
    `Set-up needs about ${neededBytes / 1e9} GB in ${cache}, and ${(free / 1e9).toFixed(2)} GB are free`,
    { hint: "Make room there, or name another folder in XDG_CACHE_HOME." },
  );
}

async function build(
  cache: string,
  staging: string,
  obtained: Obtained,
  options: ProvisionOptions,
): Promise<ProvisionResult> {
  const { reporter, signal, device = "cpu" } = options;
  const obtainedCuda = device === "gpu" ? await provideCuda(cache, staging, options) : undefined;
  const addon = join(staging, "addon");
  reporter.note("Compiling the addon");
  const { ownOpsProblem: compileProblem } = await buildAddon(obtained.folder, addon, device, signal);
  // Without a GPU it computes on the CPU, which proves that it works and is possible everywhere.
  const env = { ...process.env, ...(device === "gpu" && { CUDA_VISIBLE_DEVICES: "" }) };
  const probe = await probeAddon(join(addon, "tfjs_binding.node"), { env });
  signal?.throwIfAborted();
  if (!probe.isWorking) {
    throw new EnvironmentError(`The libtensorflow that was set up does not work here: ${probe.problem}`, {
      hint: "Name another build of it: dlctl setup --from <folder>. Until then --device js works, slowly.",
    });
  }
  const ownOpsProblem = device === "gpu" ? undefined : (compileProblem ?? (await removeBrokenOwnOps(addon)));
  signal?.throwIfAborted();
  if (ownOpsProblem) reporter.note(`Without dlctl's own operations, which make some models faster: ${ownOpsProblem}`);
  const { version } = probe;
  const { source, failures } = obtained;
  const isStaged = obtained.folder.startsWith(staging);
  const library = isStaged ? join(cache, `${libraryPrefix(device)}${version}`) : obtained.folder;
  if (isStaged) {
    await writeFile(join(obtained.folder, libraryRecordName), `${JSON.stringify({ version, source })}\n`);
    await replace(obtained.folder, library, staging);
  }
  const place = join(cache, `${addonFolderPrefix(device)}${version}`);
  await unlink(join(addon, "lib"));
  await symlink(relative(place, join(library, "lib")), join(addon, "lib"));
  const cuda = obtainedCuda && (await describeCuda(obtainedCuda, join(library, "lib"), cache, place));
  const record = { libtensorflow: version, source, ownOpsProblem, cuda };
  await writeFile(join(addon, addonRecordName), `${JSON.stringify(record)}\n`);
  await replace(addon, place, staging);
  const runtime = findInstalledRuntime(device);
  if (!runtime) throw new Error(`${place} was set up but is not found`);
  return { runtime, isNew: true, failures };
}

/** What the runtime's record says of CUDA; paths in the cache are relative to the addon's folder. */
async function describeCuda(
  { source, libraries }: ObtainedCuda,
  libtensorflow: string,
  cache: string,
  place: string,
): Promise<CudaInstallation> {
  const files = (await readdir(libtensorflow)).map((name) => join(libtensorflow, name));
  const recorded = libraries.map((library) => ({
    ...library,
    path: library.path.startsWith(`${cache}/`) ? relative(place, library.path) : library.path,
  }));
  return { source, libraries: recorded, architectures: await fatbinArchitectures(files) };
}

/** Puts `made` at `place`; what was there goes to the staging folder, and with it. Processes that use it keep their files. */
async function replace(made: string, place: string, staging: string): Promise<void> {
  await rename(place, join(staging, `old-${basename(place)}`)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(made, place);
}
