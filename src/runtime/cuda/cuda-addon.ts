import { readFileSync } from "node:fs";
import type { CudaLibrary } from "./cuda-libraries";
import { cudaLibraryKinds } from "./cuda-libraries";
import type { DriverFacts, GpuFacts, LoadedLibrary } from "./driver-facts";

/** gpu-native/cuda.cc */
interface CudaAddon {
  load(path: string): string | null;
  version(path: string, symbol: string): number | null;
  driver(
    path: string,
  ):
    | { readonly problem: string }
    | { readonly path: string; readonly cudaVersion: number; readonly error: string | null; readonly gpus: GpuFacts[] };
}

/** Where the driver's library is: by the system's own search, on WSL 2, and where containers get it. */
const driverPlaces = ["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1"];

/**
 * Loads the driver's library and starts it. From then on this process sees the GPUs that CUDA_VISIBLE_DEVICES names now,
 * so a process that is to choose one must not call this.
 */
export function readDriver(addonPath: string): DriverFacts {
  const addon = require(addonPath) as CudaAddon;
  let problem = "";
  for (const place of driverPlaces) {
    const found = addon.driver(place);
    if ("problem" in found) problem ||= found.problem;
    else return { moduleVersion: driverModuleVersion(), ...found };
  }
  return { path: null, moduleVersion: driverModuleVersion(), cudaVersion: null, error: problem, gpus: [] };
}

/**
 * Loads the CUDA libraries from where they are, so that libtensorflow, which asks for them by name, finds them without any
 * library path, and says of each what is wrong with it. Never throws for a library.
 */
export function loadCudaLibraries(addonPath: string, libraries: readonly CudaLibrary[]): LoadedLibrary[] {
  const addon = require(addonPath) as CudaAddon;
  for (const place of driverPlaces.slice(1)) addon.load(place);
  return libraries.map(({ name, file, path }) => {
    const problem = addon.load(path);
    if (problem !== null) return { name, file, path, version: null, problem };
    const wanted = cudaLibraryKinds.find((kind) => kind.name === name)?.version;
    const number = wanted ? addon.version(path, wanted.symbol) : null;
    if (!wanted || number === null) return { name, file, path, version: null, problem: null };
    const version = wanted.read(number);
    const isOld = number < wanted.oldest;
    const oldest = wanted.read(wanted.oldest);
    return { name, file, path, version, problem: isOld ? `it is ${version}, and ${oldest} or newer is needed` : null };
  });
}

/** Version of the driver's kernel module; null where there is none. `path` is where the module says it. */
export function driverModuleVersion(path = "/proc/driver/nvidia/version"): string | null {
  try {
    return /\s(\d+\.\d+(?:\.\d+)?)\s/.exec(readFileSync(path, "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}
