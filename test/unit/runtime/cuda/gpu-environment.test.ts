import { gpuEnvironment } from "../../../../src/runtime/cuda/gpu-environment";

test("one GPU is left to see, the memory grows, and the numbers are nvidia-smi's", () => {
  expect(gpuEnvironment({ index: 1 }, {})).toEqual({
    CUDA_DEVICE_ORDER: "PCI_BUS_ID",
    CUDA_VISIBLE_DEVICES: "1",
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
    CUDA_CACHE_MAXSIZE: "4294967296",
  });
});

test.each([
  ["2,3", 1, "3"],
  ["GPU-aa, GPU-bb", 0, "GPU-aa"],
  ["", 0, "0"],
])("of the GPUs that CUDA_VISIBLE_DEVICES=%s leaves, gpu:%d is %s", (stated, index, chosen) => {
  expect(gpuEnvironment({ index }, { CUDA_VISIBLE_DEVICES: stated }).CUDA_VISIBLE_DEVICES).toBe(chosen);
});

test("what the user has set stays, and a limit of memory is passed on", () => {
  const env = { TF_FORCE_GPU_ALLOW_GROWTH: "false", CUDA_DEVICE_ORDER: "FASTEST_FIRST" };
  expect(gpuEnvironment({ index: 0, memoryMegabytes: 4096 }, env)).toMatchObject({
    ...env,
    DLCTL_GPU_MEMORY_MB: "4096",
  });
});

test.each([
  [undefined, {}, undefined],
  [undefined, { NVIDIA_TF32_OVERRIDE: "0" }, undefined],
  [false, { NVIDIA_TF32_OVERRIDE: "1" }, "0"],
  [true, { NVIDIA_TF32_OVERRIDE: "0" }, "1"],
] as const)("TF32 is turned on or off where that was asked for: %s beside %j", (isTf32, env, expected) => {
  expect(gpuEnvironment({ index: 0, isTf32 }, env).NVIDIA_TF32_OVERRIDE).toBe(expected);
});
