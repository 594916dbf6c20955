import type { WheelPin } from "./wheel-pins";

const pin = (name: string, version: string, platformTag: string, sha256: string, bytes: number): WheelPin => ({
  package: `nvidia-${name}-cu12`,
  version,
  platformTag,
  sha256,
  bytes,
  isTested: true,
});

/**
 * What libtensorflow needs of the packages that `tensorflow[and-cuda]` names: without NCCL, which is for several GPUs at once,
 * CUPTI, which is for its profiler, and nvcc. CUDA 12.9 has code for every generation from Maxwell to Blackwell.
 */
export const cudaPins: readonly WheelPin[] = [
  pin(
    "cuda-runtime",
    "12.9.79",
    "manylinux2014_x86_64",
    "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
    3_493_179,
  ),
  pin(
    "cuda-nvrtc",
    "12.9.86",
    "manylinux2010_x86_64",
    "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
    89_568_129,
  ),
  pin(
    "nvjitlink",
    "12.9.86",
    "manylinux2010_x86_64",
    "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
    39_748_338,
  ),
  pin(
    "cublas",
    "12.9.3.13",
    "manylinux_2_27_x86_64",
    "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72",
    581_217_458,
  ),
  pin(
    "cufft",
    "11.4.1.4",
    "manylinux2014_x86_64",
    "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
    200_877_592,
  ),
  pin(
    "cusparse",
    "12.5.10.65",
    "manylinux2014_x86_64",
    "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
    366_465_088,
  ),
  pin(
    "cusolver",
    "11.7.5.82",
    "manylinux_2_27_x86_64",
    "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
    338_117_415,
  ),
  pin(
    "cudnn",
    "9.28.0.42",
    "manylinux_2_27_x86_64",
    "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375",
    716_538_495,
  ),
];

/** Names the libraries of these pins together: a set-up of others is another folder in the cache. */
export const cudaPinsName = `12.9-${cudaPins.map(({ version }) => version.split(".").at(-1)).join("-")}`;

/** Whether a file in a wheel is needed: a library, and not one of those that nothing here asks for. */
export function isNeededCudaLibrary(fileName: string): boolean {
  const isOther = /\.alt\.|^lib(nvblas|cufftw|cusolverMg)\./.test(fileName);
  return /^lib[\w-]+\.so\.\d+(\.\d+)*$/.test(fileName) && !isOther;
}
