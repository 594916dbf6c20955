import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { type CudaLibrary, cudaLibraryKinds } from "../cuda/cuda-libraries";
import { runProgram } from "./run-program";

export interface FoundCuda {
  /** In the order in which they must be loaded. */
  readonly libraries: readonly CudaLibrary[];
  /** Names of the files that are nowhere. */
  readonly missing: readonly string[];
}

/** Looks for the CUDA libraries in these folders, the first of which has them; paths are those of the true files. */
export async function findCudaIn(folders: readonly string[]): Promise<FoundCuda> {
  const libraries: CudaLibrary[] = [];
  const missing: string[] = [];
  for (const { name, file } of cudaLibraryKinds) {
    const folder = folders.find((path) => existsSync(join(path, file)));
    if (folder === undefined) missing.push(file);
    else libraries.push({ name, file, path: await keepName(join(folder, file), file) });
  }
  return { libraries, missing };
}

/** Links are followed as long as the file beside its relatives has the name they ask for. */
async function keepName(path: string, file: string): Promise<string> {
  const real = await realpath(path);
  return real.endsWith(`/${file}`) ? real : path;
}

/** Where libraries may be below a folder that a user names: itself, a toolkit's, a Python environment's or NVIDIA's packages in it. */
export async function cudaFoldersBelow(folder: string): Promise<string[]> {
  const places = [folder, join(folder, "lib64"), join(folder, "lib"), join(folder, "targets", "x86_64-linux", "lib")];
  for (const packages of [folder, join(folder, "nvidia"), ...(await sitePackagesBelow(folder))]) {
    const names = await readdir(packages).catch(() => []);
    places.push(...names.map((name) => join(packages, name, "lib")));
  }
  return places.filter((path) => existsSync(path));
}

/** `lib/python3.12/site-packages/nvidia` of a Python environment. */
async function sitePackagesBelow(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, "lib")).catch(() => []);
  return names
    .filter((name) => name.startsWith("python3"))
    .map((name) => join(folder, "lib", name, "site-packages", "nvidia"));
}

/**
 * Where this system has CUDA libraries, best first: LD_LIBRARY_PATH, CUDA_HOME and CUDA_PATH, /usr/local/cuda, what ldconfig
 * knows, and the packages of NVIDIA that the user's Python has.
 */
export async function systemCudaFolders(signal?: AbortSignal): Promise<string[]> {
  const homes = [process.env.CUDA_HOME, process.env.CUDA_PATH, "/usr/local/cuda"].filter((path) => path);
  const below = await Promise.all(
    [...homes.map((path) => String(path)), ...(await pythonFolders(signal))].map(cudaFoldersBelow),
  );
  const stated = process.env.LD_LIBRARY_PATH?.split(":").filter((path) => path.startsWith("/")) ?? [];
  return [...new Set([...stated, ...below.flat(), ...(await ldconfigFolders(signal))])];
}

async function ldconfigFolders(signal?: AbortSignal): Promise<string[]> {
  for (const program of ["ldconfig", "/sbin/ldconfig"]) {
    const { code, stdout } = await runProgram(program, ["-p"], { signal });
    if (code !== 0) continue;
    // `	libcublas.so.12 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcublas.so.12`
    const paths = [...stdout.matchAll(/^\s*lib(?:cu|nv)\S+ \(.*x86-64.*\) => (\/.*)\/[^/]+$/gm)];
    return paths.map(([, folder]) => String(folder));
  }
  return [];
}

async function pythonFolders(signal?: AbortSignal): Promise<string[]> {
  const script = "import site; print('\\n'.join([*site.getsitepackages(), site.getusersitepackages()]))";
  const { code, stdout } = await runProgram("python3", ["-c", script], { signal });
  return code === 0 ? stdout.split("\n").filter((path) => path.startsWith("/")) : [];
}
