import { readdir, rename, symlink, unlink, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { EnvironmentError } from "../../shared/errors";
import type { CudaInstallation } from "../cuda/cuda-libraries";
import { fatbinArchitectures } from "../cuda/fatbin-architectures";
import { addonFolderPrefix, addonRecordName, findInstalledRuntime, type InstalledRuntime } from "../installed-runtime";
import { probeAddon } from "../probe-addon";
import { buildAddon } from "./build-addon";
import { libraryPrefix } from "./cache-names";
import type { ObtainedCuda } from "./cuda-route";
import { libraryRecordName, type ObtainedLibtensorflow } from "./obtain-libtensorflow";
import { provideCuda } from "./provide-cuda";
import type { ProvisionOptions, Workplace } from "./provision-options";
import { removeBrokenOwnOps } from "./remove-broken-own-ops";

/**
 * Compiles the addon against a libtensorflow, tries it in a child process, and puts both in their places. Throws EnvironmentError when it
 * does not work: no runtime is in its place then, nor an old one gone.
 */
export async function installRuntime(
  { cache, staging }: Workplace,
  { folder, source }: ObtainedLibtensorflow,
  options: ProvisionOptions,
): Promise<InstalledRuntime> {
  const { device = "cpu" } = options;
  const obtainedCuda = device === "gpu" ? await provideCuda(cache, staging, options) : undefined;
  const addon = join(staging, "addon");
  const { version, ownOpsProblem } = await buildWorking(folder, addon, options);
  const isStaged = folder.startsWith(staging);
  const library = isStaged ? join(cache, `${libraryPrefix(device)}${version}`) : folder;
  if (isStaged) {
    await writeFile(join(folder, libraryRecordName), `${JSON.stringify({ version, source })}\n`);
    await replace(folder, library, staging);
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
  return runtime;
}

/** Makes the folder `addon`. dlctl's own operations may be missing from it: `ownOpsProblem` says why. */
async function buildWorking(
  libtensorflow: string,
  addon: string,
  { reporter, signal, device = "cpu" }: ProvisionOptions,
): Promise<{ readonly version: string; readonly ownOpsProblem: string | undefined }> {
  reporter.note("Compiling the addon");
  const { ownOpsProblem: compileProblem } = await buildAddon(libtensorflow, addon, device, signal);
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
  return { version: probe.version, ownOpsProblem };
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
