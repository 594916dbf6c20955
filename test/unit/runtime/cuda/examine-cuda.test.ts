import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CudaFacts } from "../../../../src/runtime/cuda/driver-facts";
import { examineCuda } from "../../../../src/runtime/probe-gpu";
import { describeFakeCuda, type FakeCuda, makeFakeCuda } from "../../../helpers/fake-cuda";
import { projectFolder } from "../../../helpers/run-dlctl";

describeFakeCuda("what a child process finds out about CUDA", () => {
  let folder: string;
  let cuda: FakeCuda;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dlctl-cuda-"));
    cuda = makeFakeCuda(folder, { "libcudnn.so.9": "unsigned long cudnnGetVersion(void) { return 90100; }" });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const examine = async (env: Record<string, string>, libraries = cuda.libraries): Promise<CudaFacts> => {
    const found = await examineCuda(cuda.addonPath, libraries, { PATH: process.env.PATH, ...env });
    if (typeof found === "string") throw new Error(found);
    return found;
  };

  test("the driver, its version of CUDA and its GPUs, as many as are visible", async () => {
    const env = {
      LD_LIBRARY_PATH: cuda.driverFolder,
      FAKE_CUDA_VERSION: "12080",
      FAKE_GPUS: "NVIDIA H100 80GB HBM3|80|9|0;NVIDIA L4|24|8|9",
    };
    const { driver } = await examine(env);
    expect(driver).toMatchObject({ path: join(cuda.driverFolder, "libcuda.so.1"), cudaVersion: 12080, error: null });
    expect(driver.gpus).toEqual([
      {
        name: "NVIDIA H100 80GB HBM3",
        memoryBytes: 80 * 2 ** 30,
        computeCapability: "9.0",
        uuid: "GPU-01010101-0101-0101-0101-010101010101",
      },
      expect.objectContaining({ name: "NVIDIA L4", computeCapability: "8.9" }),
    ]);
    expect((await examine({ ...env, CUDA_VISIBLE_DEVICES: "1" })).driver.gpus).toEqual([
      expect.objectContaining({ name: "NVIDIA L4" }),
    ]);
  });

  test("a driver that can't start has CUDA's name for it, and no GPUs", async () => {
    const env = { LD_LIBRARY_PATH: cuda.driverFolder, FAKE_CUDA_INIT: "803", FAKE_GPUS: "NVIDIA L4|24|8|9" };
    expect((await examine(env)).driver).toMatchObject({ error: "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", gpus: [] });
  });

  test("libraries that are too old, missing, or not libraries, each with the reason", async () => {
    const [cudart] = cuda.libraries;
    const absent = { name: "cufft", file: "libcufft.so.11", path: join(folder, "absent", "libcufft.so.11") };
    const text = { name: "nvrtc", file: "libnvrtc.so.12", path: join(folder, "cudart.c") };
    const others = cuda.libraries.filter(({ name }) => ["cublasLt", "cudnn"].includes(name));
    const { libraries } = await examine({}, [...(cudart ? [cudart] : []), absent, text, ...others]);
    expect(libraries.map(({ name, version, problem }) => [name, version, problem])).toEqual([
      ["cudart", null, null],
      ["cufft", null, expect.stringContaining("No such file")],
      ["nvrtc", null, expect.stringMatching(/invalid ELF header|file too short/)],
      ["cublasLt", "12.9", null],
      ["cudnn", "9.1", "it is 9.1, and 9.3 or newer is needed"],
    ]);
  });

  test("what was loaded by path is then found by name, without any library path", () => {
    const script = `
      const { loadCudaLibraries } = require("./dist/runtime/cuda/cuda-addon.js");
      const addon = require(process.argv[1]);
      const before = addon.load("libcudnn.so.9");
      loadCudaLibraries(process.argv[1], JSON.parse(process.argv[2]));
      console.log(JSON.stringify([before, addon.load("libcudnn.so.9")]));`;
    const args = ["-e", script, cuda.addonPath, JSON.stringify(cuda.libraries)];
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: projectFolder,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
    const [before, after] = JSON.parse(stdout);
    expect(after).toBeNull();
    // Where the system has a true cuDNN it is found before, too.
    expect(before === null || /cannot open shared object file/.test(before)).toBe(true);
  });

  test("a library that ends the process that loads it is a sentence, not the end of this one", async () => {
    const killer = join(folder, "killer.node");
    spawnSync("g++", ["-shared", "-fPIC", "-x", "c++", "-", "-o", killer], {
      input: "#include <cstdlib>\n__attribute__((constructor)) void go() { abort(); }",
    });
    expect(await examineCuda(killer, [])).toBe("loading CUDA was stopped by SIGABRT");
  });
});
