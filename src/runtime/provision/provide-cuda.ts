import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../shared/errors";
import { cudaPrefix } from "./cache-names";
import { cudaPins, cudaPinsName } from "./cuda-pins";
import { cudaFromPip, cudaInCache, cudaOfFolder, cudaOfSystem, type ObtainedCuda } from "./cuda-route";
import type { ProvisionReporter } from "./provision-reporter";
import { requireSpace } from "./require-space";

/** Unpacked, and the largest wheel beside them. */
const neededBytes = 4e9;

export interface CudaWish {
  readonly reporter: ProvisionReporter;
  /** A folder with the libraries, and then nothing else; `pip` for NVIDIA's wheels whatever the system has. */
  readonly cuda?: string | undefined;
  readonly isForced?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The CUDA libraries that libtensorflow needs: of the folder named, else of this system where they are complete, else from
 * the cache or through pip. Throws EnvironmentError that says what was missing.
 */
export async function provideCuda(cache: string, staging: string, wish: CudaWish): Promise<ObtainedCuda> {
  const { reporter, cuda, signal } = wish;
  if (cuda !== undefined && cuda !== "pip") return cudaOfFolder(cuda);
  if (cuda === undefined) {
    const found = await cudaOfSystem(signal);
    if ("source" in found) {
      reporter.note("Using the CUDA libraries of this system");
      return found;
    }
  }
  const place = join(cache, `${cudaPrefix}${cudaPinsName}`);
  if (existsSync(place) && !wish.isForced) {
    try {
      return await cudaInCache(place);
    } catch {
      // Not whole: got anew below.
    }
  }
  const hint = "Make room there, name another folder in XDG_CACHE_HOME, or libraries that are there: --cuda <folder>.";
  await requireSpace(cache, neededBytes, "The CUDA libraries need", hint);
  const made = join(staging, "cuda");
  const megabytes = Math.round(cudaPins.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  reporter.note(`Getting CUDA 12.9 and cuDNN 9 through pip: ${cudaPins.length} wheels, ${megabytes} MB`);
  try {
    await cudaFromPip(made, join(staging, "work"), reporter, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code || error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(`Can't get the CUDA libraries: ${(error as Error).message}`, {
      hint: "Mend it, or name a folder that has them: dlctl setup --device gpu --cuda <folder>.",
      cause: error,
    });
  }
  await rm(place, { recursive: true, force: true });
  await rename(made, place);
  await removeOthers(cache, place);
  return cudaInCache(place);
}

/** Those of an earlier dlctl: nothing of this one uses them, and they are large. */
async function removeOthers(cache: string, place: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (name.startsWith(cudaPrefix) && path !== place) await rm(path, { recursive: true });
  }
}
