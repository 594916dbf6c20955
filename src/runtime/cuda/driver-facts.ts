/** A GPU as the driver describes it. */
export interface GpuFacts {
  readonly name: string;
  readonly memoryBytes: number;
  /** "9.0" */
  readonly computeCapability: string;
  readonly uuid: string;
}

/** What NVIDIA's driver says of itself and its GPUs. */
export interface DriverFacts {
  /** Of libcuda.so.1; null where it can't be loaded. */
  readonly path: string | null;
  /** Of the kernel's module, as "550.54.15"; null where it is not loaded or can't be told. */
  readonly moduleVersion: string | null;
  /** Newest CUDA the driver can serve, as 12040 for 12.4; null without libcuda.so.1. */
  readonly cudaVersion: number | null;
  /** Why libcuda.so.1 can't be loaded, or CUDA's name of why it can't start; null where it has started. */
  readonly error: string | null;
  /** Those that CUDA_VISIBLE_DEVICES lets this process see, in the order of their slots. */
  readonly gpus: readonly GpuFacts[];
}

/** A CUDA library when it was loaded. */
export interface LoadedLibrary {
  readonly name: string;
  readonly file: string;
  readonly path: string;
  /** Null where the library does not tell. */
  readonly version: string | null;
  /** Why it can't be used; null where it can. */
  readonly problem: string | null;
}

/** All that is found out before libtensorflow is loaded. */
export interface CudaFacts {
  readonly driver: DriverFacts;
  readonly libraries: readonly LoadedLibrary[];
}

/** "12.4" of 12040. */
export function cudaVersionText(version: number): string {
  return `${Math.floor(version / 1000)}.${Math.floor(version / 10) % 100}`;
}
