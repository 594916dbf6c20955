import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CudaLibrary, cudaLibraryKinds } from "../../src/runtime/cuda/cuda-libraries";
import { projectFolder } from "./run-dlctl";

/** CUDA without a GPU: a driver and libraries that are true shared libraries and can do nothing but tell their versions. */
export interface FakeCuda {
  /** Holds libcuda.so.1. */
  readonly driverFolder: string;
  readonly libraryFolder: string;
  readonly libraries: readonly CudaLibrary[];
  /** gpu-native/cuda.cc, compiled. */
  readonly addonPath: string;
}

/** Where there is no compiler, or another system, these tests are skipped, and counted so. */
export const describeFakeCuda =
  process.platform === "linux" && spawnSync("g++", ["--version"]).status === 0 ? describe : describe.skip;

const wholeVersions: Record<string, string> = {
  "libcudnn.so.9": "unsigned long cudnnGetVersion(void) { return 91000; }",
  "libcublasLt.so.12": "unsigned long cublasLtGetVersion(void) { return 120901; }",
};

export function makeFakeCuda(folder: string, versions: Record<string, string> = {}): FakeCuda {
  const driverFolder = join(folder, "driver");
  const libraryFolder = join(folder, "toolkit", "lib64");
  for (const path of [driverFolder, libraryFolder]) mkdirSync(path, { recursive: true });
  compile(join(__dirname, "fake-driver.c"), join(driverFolder, "libcuda.so.1"));
  const libraries = cudaLibraryKinds.map(({ name, file }) => {
    const path = join(libraryFolder, file);
    const source = join(folder, `${name}.c`);
    writeFileSync(source, { ...wholeVersions, ...versions }[file] ?? `int ${name}_is_here(void) { return 1; }`);
    compile(source, path);
    return { name, file, path };
  });
  const addonPath = join(folder, "cuda.node");
  const headers = join(dirname(require.resolve("node-api-headers/package.json")), "include");
  const source = join(projectFolder, "src", "runtime", "gpu-native", "cuda.cc");
  const flags = ["-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", `-I${headers}`];
  execFileSync("g++", [...flags, source, "-ldl", "-o", addonPath]);
  return { driverFolder, libraryFolder, libraries, addonPath };
}

function compile(source: string, target: string): void {
  const name = `-Wl,-soname,${target.split("/").at(-1)}`;
  execFileSync("gcc", ["-shared", "-fPIC", name, source, "-o", target]);
}
