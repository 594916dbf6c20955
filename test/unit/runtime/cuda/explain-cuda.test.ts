import type { CudaInstallation } from "../../../../src/runtime/cuda/cuda-libraries";
import type { CudaFacts, DriverFacts, GpuFacts } from "../../../../src/runtime/cuda/driver-facts";
import { architectureSupport, explainCuda } from "../../../../src/runtime/cuda/explain-cuda";

// Of the wheel tensorflow 2.21.0.
const architectures = { binary: [60, 70, 80, 89, 90], ptx: [90] };
const cuda: CudaInstallation = { source: "a test", libraries: [], architectures };
const gpu = (name: string, computeCapability: string): GpuFacts => ({
  name,
  memoryBytes: 80 * 2 ** 30,
  computeCapability,
  uuid: "GPU-0",
});
const whole: DriverFacts = {
  path: "/usr/lib/libcuda.so.1",
  moduleVersion: "550.54.15",
  cudaVersion: 12_040,
  error: null,
  gpus: [gpu("NVIDIA H200", "9.0")],
};
const factsOf = (driver: Partial<DriverFacts> = {}): CudaFacts => ({ driver: { ...whole, ...driver }, libraries: [] });
const visible = process.env.CUDA_VISIBLE_DEVICES;
beforeEach(() => {
  delete process.env.CUDA_VISIBLE_DEVICES;
});
afterAll(() => {
  if (visible !== undefined) process.env.CUDA_VISIBLE_DEVICES = visible;
});

test("nothing stands in the way of a GPU whose code is there", () => {
  expect(explainCuda(factsOf(), cuda, 0)).toBeUndefined();
});

test.each<[string, Partial<DriverFacts>, number, string, RegExp]>([
  [
    "no driver",
    { path: null, moduleVersion: null, cudaVersion: null, error: "no such file", gpus: [] },
    0,
    "there is no NVIDIA driver (libcuda.so.1 is not found)",
    /ubuntu-drivers install/,
  ],
  [
    "a container without its GPUs",
    { path: null, cudaVersion: null, error: "no such file", gpus: [] },
    0,
    "the NVIDIA driver 550.54.15 is running, but its library can't be loaded here: no such file",
    /--gpus all/,
  ],
  [
    "an old driver",
    { moduleVersion: "470.82.01", cudaVersion: 11_040 },
    0,
    "the NVIDIA driver 470.82.01 is too old: it serves CUDA 11.4, and CUDA 12 is needed",
    /525\.60/,
  ],
  ["no GPU", { error: "CUDA_ERROR_NO_DEVICE", gpus: [] }, 0, "the NVIDIA driver 550.54.15 finds no GPU", /nvidia-smi/],
  [
    "an update without a restart",
    { error: "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", gpus: [] },
    0,
    "the NVIDIA driver 550.54.15 and its library libcuda.so.1 have different versions (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)",
    /restart/,
  ],
  [
    "the toolkit's stub",
    { error: "CUDA_ERROR_STUB_LIBRARY", gpus: [] },
    0,
    "libcuda.so.1 is the toolkit's stub and not the NVIDIA driver 550.54.15 (CUDA_ERROR_STUB_LIBRARY)",
    /stubs/,
  ],
  ["a GPU that is not there", {}, 3, "there is no GPU 3: there is gpu:0 NVIDIA H200", /name one/],
  [
    "a GPU too old for the build",
    { gpus: [gpu("GeForce GTX 980", "5.2")] },
    0,
    "this libtensorflow has no code for GeForce GTX 980 (compute capability 5.2): it has for 6.0, 7.0, 8.0, 8.9, 9.0",
    /--device cpu/,
  ],
  [
    "a GPU newer than the build with a driver that can't compile its code",
    { gpus: [gpu("NVIDIA B200", "10.0")] },
    0,
    "the NVIDIA driver is too old to compile for NVIDIA B200 (compute capability 10.0): it serves CUDA 12.4, and 12.5 is needed for this GPU",
    /555/,
  ],
])("%s", (_name, driver, index, problem, fix) => {
  const found = explainCuda(factsOf(driver), cuda, index);
  expect(found?.problem).toBe(problem);
  expect(found?.fix).toMatch(fix);
});

test("a library that can't be used is named with the command that mends it", () => {
  const library = { name: "cudnn", file: "libcudnn.so.9", path: "/x/libcudnn.so.9", version: null, problem: "no file" };
  expect(explainCuda({ ...factsOf(), libraries: [library] }, cuda, 0)).toEqual({
    problem: "the CUDA library libcudnn.so.9 can't be used: no file",
    fix: "dlctl setup --device gpu --force",
  });
});

test("the user's own CUDA_VISIBLE_DEVICES is told where it hides the GPUs", () => {
  process.env.CUDA_VISIBLE_DEVICES = "7";
  expect(explainCuda(factsOf({ gpus: [] }), cuda, 0)?.problem).toContain('(CUDA_VISIBLE_DEVICES is "7")');
});

// CUDA's rules: machine code runs on later minor versions of its generation only, PTX on whatever is later.
test.each([
  ["8.6", "binary"],
  ["8.0", "binary"],
  ["7.5", "binary"],
  ["9.0", "binary"],
  ["10.0", "compiled"],
  ["12.0", "compiled"],
  ["5.2", "none"],
  ["3.5", "none"],
] as const)("compute capability %s is served by: %s", (computeCapability, support) => {
  expect(architectureSupport({ computeCapability }, architectures)).toBe(support);
});
