/** A library of CUDA that libtensorflow asks for, by the name it has inside. */
export interface CudaLibraryKind {
  readonly name: string;
  /** What it must be called: the number is the version of its interface. */
  readonly file: string;
  /** A function `size_t f(void)` that tells its version, and the oldest one that will do, both as the library counts. */
  readonly version?: { readonly symbol: string; readonly oldest: number; readonly read: (version: number) => string };
}

/** One that was found. */
export interface CudaLibrary {
  readonly name: string;
  readonly file: string;
  readonly path: string;
}

/** CUDA as an installed GPU runtime uses it. */
export interface CudaInstallation {
  /** Where the libraries are from, for people. */
  readonly source: string;
  /** In the order in which they must be loaded: each finds what it needs among those before it. */
  readonly libraries: readonly CudaLibrary[];
  readonly architectures: GpuArchitectures;
}

/** Which GPUs a libtensorflow has code for: compute capabilities, as 90 for 9.0, sorted. */
export interface GpuArchitectures {
  /** Machine code, which also runs on later GPUs of the same generation (8.0 on 8.6). */
  readonly binary: readonly number[];
  /** An intermediate language that the driver compiles for any later GPU when it is first used. */
  readonly ptx: readonly number[];
}

const withoutPatch = (version: number) => `${Math.floor(version / 10_000)}.${Math.floor(version / 100) % 100}`;

/** Those of CUDA 12, for which current builds of libtensorflow are made, in the order in which they are loaded. */
export const cudaLibraryKinds: readonly CudaLibraryKind[] = [
  { name: "cudart", file: "libcudart.so.12" },
  { name: "nvrtc", file: "libnvrtc.so.12" },
  { name: "nvJitLink", file: "libnvJitLink.so.12" },
  {
    name: "cublasLt",
    file: "libcublasLt.so.12",
    version: { symbol: "cublasLtGetVersion", oldest: 120_500, read: withoutPatch },
  },
  { name: "cublas", file: "libcublas.so.12" },
  { name: "cufft", file: "libcufft.so.11" },
  { name: "cusparse", file: "libcusparse.so.12" },
  { name: "cusolver", file: "libcusolver.so.11" },
  {
    name: "cudnn",
    file: "libcudnn.so.9",
    version: { symbol: "cudnnGetVersion", oldest: 90_300, read: withoutPatch },
  },
];

/** The generation of CUDA that all this is about; the driver must know it. */
export const cudaMajor = 12;

/** Version of CUDA that made the intermediate code of libtensorflow 2.21, as the driver counts: what compiles it must be as new. */
export const ptxCudaVersion = 12_050;
