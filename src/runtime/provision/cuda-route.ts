import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../shared/errors";
import type { CudaLibrary } from "../cuda/cuda-libraries";
import { cudaPins, isNeededCudaLibrary } from "./cuda-pins";
import { cudaFoldersBelow, findCudaIn, systemCudaFolders } from "./find-cuda";
import { obtainWheel } from "./pip-route";
import type { ProvisionReporter } from "./provision-reporter";
import { extractZipEntry, readZipEntries } from "./zip-reader";

/** CUDA libraries, and for people where they are from. */
export interface ObtainedCuda {
  readonly source: string;
  readonly libraries: readonly CudaLibrary[];
}

/** Those in a folder that the user names, where they stay. Throws EnvironmentError that names the ones it lacks. */
export async function cudaOfFolder(folder: string): Promise<ObtainedCuda> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new EnvironmentError(`There is no folder ${folder}`, { hint: "Name an existing one after --cuda." });
  }
  const { libraries, missing } = await findCudaIn(await cudaFoldersBelow(folder));
  if (missing.length === 0) return { source: `folder ${folder}`, libraries };
  throw new EnvironmentError(`${folder} lacks CUDA libraries: ${missing.join(", ")}`, {
    hint: "Expected: a CUDA 12 toolkit with cuDNN 9, or a Python environment with NVIDIA's packages for CUDA 12. Without --cuda dlctl gets them through pip.",
  });
}

/** Those of this system; what is missing, where they are not complete. */
export async function cudaOfSystem(
  signal?: AbortSignal,
): Promise<ObtainedCuda | { readonly missing: readonly string[] }> {
  const { libraries, missing } = await findCudaIn(await systemCudaFolders(signal));
  return missing.length === 0 ? { source: "this system", libraries } : { missing };
}

/** Gets NVIDIA's wheels through pip, each with the sum that dlctl knows, and unpacks their libraries below `target`. */
export async function cudaFromPip(
  target: string,
  workFolder: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<ObtainedCuda> {
  for (const [index, pin] of cudaPins.entries()) {
    const folder = join(workFolder, `cuda-${index}`);
    const wheel = await obtainWheel(pin, folder, reporter, signal);
    await unpackCudaWheel(wheel, target, reporter, signal);
    // Each goes before the next comes: together they would be as large again as what they hold.
    await rm(folder, { recursive: true });
  }
  return cudaInCache(target);
}

/** Takes the needed libraries out of a wheel, to `target`/nvidia/<package>/lib: they look for each other in that layout. */
export async function unpackCudaWheel(
  wheel: string,
  target: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = (await readZipEntries(wheel)).flatMap((entry) => {
    const [, path, file] = /^(nvidia\/\w+\/lib\/([^/]+))$/.exec(entry.name) ?? [];
    return path && file && isNeededCudaLibrary(file) ? [{ entry, path: join(target, path) }] : [];
  });
  if (wanted.length === 0) throw new Error(`${wheel} holds no CUDA library`);
  const bar = reporter.progress(
    "Unpacking",
    wanted.reduce((sum, { entry }) => sum + entry.bytes, 0),
  );
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    bar.update(done);
  };
  try {
    await mkdir(target, { recursive: true });
    for (const { entry, path } of wanted) await extractZipEntry(wheel, entry, path, { onBytes, signal });
  } finally {
    bar.finish();
  }
}

/** Those that an earlier set-up has put into the cache. Throws where one is missing. */
export async function cudaInCache(folder: string): Promise<ObtainedCuda> {
  const { libraries, missing } = await findCudaIn(await cudaFoldersBelow(folder));
  if (missing.length > 0) throw new Error(`${folder} lacks ${missing.join(", ")}`);
  return { source: "NVIDIA's pip wheels, CUDA 12.9", libraries };
}
