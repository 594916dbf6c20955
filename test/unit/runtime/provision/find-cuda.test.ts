import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cudaLibraryKinds } from "../../../../src/runtime/cuda/cuda-libraries";
import { isNeededCudaLibrary } from "../../../../src/runtime/provision/cuda-pins";
import { cudaInCache, cudaOfFolder, unpackCudaWheel } from "../../../../src/runtime/provision/cuda-route";
import { systemCudaFolders } from "../../../../src/runtime/provision/find-cuda";
import { silentReporter } from "../../../../src/runtime/provision/provision-reporter";
import { makeZip } from "../../../helpers/make-zip";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-find-cuda-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, names: readonly string[]): void {
  mkdirSync(join(folder, path), { recursive: true });
  for (const name of names) writeFileSync(join(folder, path, name), name);
}

const all = cudaLibraryKinds.map(({ file }) => file);

test.each(["", "lib64", "targets/x86_64-linux/lib"])("in a folder, or in its %s", async (below) => {
  put(below, all);
  const { libraries, source } = await cudaOfFolder(folder);
  expect(source).toBe(`folder ${folder}`);
  expect(libraries.map(({ path }) => path)).toEqual(all.map((file) => join(folder, below, file)));
});

test("in a Python environment, a package each", async () => {
  for (const [index, file] of all.entries()) put(`lib/python3.12/site-packages/nvidia/package${index}/lib`, [file]);
  expect((await cudaOfFolder(folder)).libraries).toHaveLength(all.length);
});

test("a folder that lacks some: each is named; one that is not there", async () => {
  put(
    "lib64",
    all.filter((file) => !/cudnn|cufft/.test(file)),
  );
  await expect(cudaOfFolder(folder)).rejects.toThrow(`${folder} lacks CUDA libraries: libcufft.so.11, libcudnn.so.9`);
  await expect(cudaOfFolder(join(folder, "absent"))).rejects.toThrow("There is no folder");
});

test("a link to another version's name keeps the name that is asked for", async () => {
  put("lib64", [...all.filter((file) => file !== "libcudnn.so.9"), "libcudnn.so.9.10.2"]);
  symlinkSync("libcudnn.so.9.10.2", join(folder, "lib64", "libcudnn.so.9"));
  const { libraries } = await cudaOfFolder(folder);
  expect(libraries.find(({ name }) => name === "cudnn")?.path).toBe(join(folder, "lib64", "libcudnn.so.9"));
});

test("the system's are looked for where LD_LIBRARY_PATH and CUDA_HOME say, in that order", async () => {
  put("stated", []);
  put("home/lib64", []);
  const before = { ...process.env };
  Object.assign(process.env, { LD_LIBRARY_PATH: join(folder, "stated"), CUDA_HOME: join(folder, "home") });
  try {
    const folders = await systemCudaFolders();
    expect(folders[0]).toBe(join(folder, "stated"));
    expect(folders).toContain(join(folder, "home", "lib64"));
  } finally {
    process.env = before;
  }
});

test("of a wheel: its libraries in NVIDIA's layout, nothing else, and nothing outside", async () => {
  const data = Buffer.from("x");
  const names = [
    ...["nvidia/cufft/lib/libcufft.so.11", "nvidia/cufft/lib/libcufftw.so.11", "nvidia/cufft/include/cufft.h"],
    ...["nvidia/cufft/lib/../../../libevil.so.1", "nvidia_cufft_cu12.dist-info/METADATA"],
  ];
  const wheel = join(folder, "x.whl");
  writeFileSync(wheel, makeZip(Object.fromEntries(names.map((name) => [name, { data }]))));
  await unpackCudaWheel(wheel, join(folder, "out"), silentReporter);
  await expect(cudaInCache(join(folder, "out"))).rejects.toThrow(/lacks libcudart.so.12, (?!.*libcufft)/);
});

test.each([
  ["libcudnn_ops.so.9", true],
  ["libnvrtc-builtins.so.12.9", true],
  ["libnvrtc.alt.so.12", false],
  ["libcusolverMg.so.11", false],
  ["libcudart_static.a", false],
  ["cufft.h", false],
])("%s is needed: %s", (name, isNeeded) => {
  expect(isNeededCudaLibrary(name)).toBe(isNeeded);
});
