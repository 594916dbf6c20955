/** A wheel on the Python Package Index that holds libraries, as it is known to be. */
export interface WheelPin {
  readonly package: string;
  readonly version: string;
  /** pip's name of the platform, the last part of the file's name. */
  readonly platformTag: string;
  readonly sha256: string;
  readonly bytes: number;
  /** False where nobody has run it yet; said to the user. */
  readonly isTested: boolean;
}

/**
 * Only the C libraries and headers are used, which are the same in the wheels of all CPythons. One fixed tag gives one
 * fixed sum whatever Python the machine has.
 */
export const wheelPythonVersion = "312";

const version = "2.21.0";

/** By `${process.platform}-${process.arch}`. There are no wheels for other platforms (macOS on Intel ended with 2.16). */
export const wheelPins: Readonly<Record<string, WheelPin>> = {
  "linux-x64": {
    package: "tensorflow-cpu",
    version,
    platformTag: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    bytes: 274_000_871,
    isTested: true,
  },
  "linux-arm64": {
    package: "tensorflow",
    version,
    platformTag: "manylinux_2_27_aarch64",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    bytes: 281_946_471,
    isTested: false,
  },
  "darwin-arm64": {
    package: "tensorflow",
    version,
    platformTag: "macosx_12_0_arm64",
    sha256: "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
    bytes: 223_488_205,
    isTested: false,
  },
};

/** Builds with code for NVIDIA's GPUs: compute capabilities 6.0, 7.0, 8.0, 8.9 and 9.0; made with CUDA 12.5 and cuDNN 9. */
export const gpuWheelPins: Readonly<Record<string, WheelPin>> = {
  "linux-x64": {
    package: "tensorflow",
    version,
    platformTag: "manylinux_2_27_x86_64",
    sha256: "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
    bytes: 572_611_111,
    isTested: true,
  },
};
