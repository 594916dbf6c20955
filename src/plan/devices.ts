/** What numbers are computed in. */
export type Precision = "float32" | "tensorFloat32" | "float16" | "bfloat16" | "int8";

/** A device as its maker is held to state it; docs/plan.md says which figures were checked against their source. */
export interface DeviceSpec {
  readonly name: string;
  readonly kind: "cpu" | "gpu" | "tpu";
  readonly memoryBytes: number;
  readonly bytesPerSecond: number;
  /** Most operations per second, a multiply-add two, without sparsity. */
  readonly peak: Readonly<Partial<Record<Precision, number>>>;
  readonly source: string;
}

const gib = 2 ** 30;
const gb = 1e9;
const tera = 1e12;

/** Cores times clock (base) times float32 operations of one core in a cycle. */
const cpuPeak = (cores: number, gigahertz: number, perCycle: number) => ({
  float32: cores * gigahertz * 1e9 * perCycle,
});

/** That of both memory sizes. */
const a100Peak = {
  float32: 19.5 * tera,
  tensorFloat32: 156 * tera,
  float16: 312 * tera,
  bfloat16: 312 * tera,
  int8: 624 * tera,
};

/** H100's and H200's, which differ in their memory. */
const hopperPeak = {
  float32: 67 * tera,
  tensorFloat32: 494.5 * tera,
  float16: 989.5 * tera,
  bfloat16: 989.5 * tera,
  int8: 1979 * tera,
};

const nvidia = (product: string) => `NVIDIA, ${product} data sheet`;
const cloud = (version: string) => `Google Cloud, TPU ${version} system architecture`;

/**
 * Common devices by the name that `--device` takes. Tensor cores' rates are the dense ones. A CPU's memory is what machines with it
 * usually have; its peak is cores x base clock x vector width, its bandwidth that of all memory channels.
 */
export const devices: Readonly<Record<string, DeviceSpec>> = {
  "raspberry-pi-5": {
    name: "Raspberry Pi 5 (4 x Cortex-A76, 8 GB)",
    kind: "cpu",
    memoryBytes: 8 * gib,
    bytesPerSecond: 17 * gb,
    peak: cpuPeak(4, 2.4, 16),
    source: "Raspberry Pi Ltd, product brief; LPDDR4X-4267 on 32 bit; two 128-bit FMA units a core",
  },
  "core-i7-1165g7": {
    name: "Intel Core i7-1165G7 (4 cores, laptop, 16 GB)",
    kind: "cpu",
    memoryBytes: 16 * gib,
    bytesPerSecond: 51.2 * gb,
    peak: cpuPeak(4, 2.8, 32),
    source: "Intel ARK; two channels of DDR4-3200; one 512-bit FMA unit a core",
  },
  "ryzen-7950x": {
    name: "AMD Ryzen 9 7950X (16 cores, 64 GB)",
    kind: "cpu",
    memoryBytes: 64 * gib,
    bytesPerSecond: 83.2 * gb,
    peak: cpuPeak(16, 4.5, 32),
    source: "AMD product page; two channels of DDR5-5200; two 256-bit FMA units a core",
  },
  "xeon-8480": {
    name: "Intel Xeon Platinum 8480+ (56 cores, 256 GB)",
    kind: "cpu",
    memoryBytes: 256 * gib,
    bytesPerSecond: 307.2 * gb,
    peak: { ...cpuPeak(56, 2, 64), bfloat16: 56 * 2e9 * 1024, int8: 56 * 2e9 * 2048 },
    source: "Intel ARK; eight channels of DDR5-4800; two 512-bit FMA units and AMX a core",
  },
  "epyc-9654": {
    name: "AMD EPYC 9654 (96 cores, 384 GB)",
    kind: "cpu",
    memoryBytes: 384 * gib,
    bytesPerSecond: 460.8 * gb,
    peak: cpuPeak(96, 2.4, 32),
    source: "AMD product page; twelve channels of DDR5-4800; two 256-bit FMA units a core",
  },
  t4: {
    name: "NVIDIA T4 (16 GB)",
    kind: "gpu",
    memoryBytes: 16 * gib,
    bytesPerSecond: 320 * gb,
    peak: { float32: 8.1 * tera, float16: 65 * tera, int8: 130 * tera },
    source: nvidia("T4"),
  },
  "rtx-3060": {
    name: "NVIDIA GeForce RTX 3060 (12 GB)",
    kind: "gpu",
    memoryBytes: 12 * gib,
    bytesPerSecond: 360 * gb,
    peak: { float32: 12.7 * tera, tensorFloat32: 12.7 * tera, float16: 51 * tera, int8: 101 * tera },
    source: "NVIDIA, GeForce RTX 30 series and Ampere GA10x whitepaper",
  },
  "rtx-4090": {
    name: "NVIDIA GeForce RTX 4090 (24 GB)",
    kind: "gpu",
    memoryBytes: 24 * gib,
    bytesPerSecond: 1008 * gb,
    peak: {
      float32: 82.6 * tera,
      tensorFloat32: 82.6 * tera,
      float16: 165.2 * tera,
      bfloat16: 165.2 * tera,
      int8: 660.6 * tera,
    },
    source: "NVIDIA, Ada GPU architecture whitepaper (float16 with float32 sums)",
  },
  l4: {
    name: "NVIDIA L4 (24 GB)",
    kind: "gpu",
    memoryBytes: 24 * gib,
    bytesPerSecond: 300 * gb,
    peak: {
      float32: 30.3 * tera,
      tensorFloat32: 60 * tera,
      float16: 121 * tera,
      bfloat16: 121 * tera,
      int8: 242.5 * tera,
    },
    source: nvidia("L4"),
  },
  l40s: {
    name: "NVIDIA L40S (48 GB)",
    kind: "gpu",
    memoryBytes: 48 * gib,
    bytesPerSecond: 864 * gb,
    peak: {
      float32: 91.6 * tera,
      tensorFloat32: 183 * tera,
      float16: 362 * tera,
      bfloat16: 362 * tera,
      int8: 733 * tera,
    },
    source: nvidia("L40S"),
  },
  v100: {
    name: "NVIDIA V100 SXM2 (32 GB)",
    kind: "gpu",
    memoryBytes: 32 * gib,
    bytesPerSecond: 900 * gb,
    peak: { float32: 15.7 * tera, float16: 125 * tera },
    source: nvidia("V100"),
  },
  "a100-40gb": {
    name: "NVIDIA A100 PCIe or SXM (40 GB)",
    kind: "gpu",
    memoryBytes: 40 * gib,
    bytesPerSecond: 1555 * gb,
    peak: a100Peak,
    source: nvidia("A100"),
  },
  "a100-80gb": {
    name: "NVIDIA A100 SXM (80 GB)",
    kind: "gpu",
    memoryBytes: 80 * gib,
    bytesPerSecond: 2039 * gb,
    peak: a100Peak,
    source: nvidia("A100"),
  },
  h100: {
    name: "NVIDIA H100 SXM (80 GB)",
    kind: "gpu",
    memoryBytes: 80 * gib,
    bytesPerSecond: 3350 * gb,
    peak: hopperPeak,
    source: nvidia("H100"),
  },
  h200: {
    name: "NVIDIA H200 SXM (141 GB)",
    kind: "gpu",
    memoryBytes: 141 * gib,
    bytesPerSecond: 4800 * gb,
    peak: hopperPeak,
    source: nvidia("H200"),
  },
  "tpu-v4": {
    name: "Google TPU v4 chip (32 GB)",
    kind: "tpu",
    memoryBytes: 32 * gib,
    bytesPerSecond: 1228 * gb,
    peak: { bfloat16: 275 * tera, int8: 275 * tera },
    source: cloud("v4"),
  },
  "tpu-v5e": {
    name: "Google TPU v5e chip (16 GB)",
    kind: "tpu",
    memoryBytes: 16 * gib,
    bytesPerSecond: 819 * gb,
    peak: { bfloat16: 197 * tera, int8: 393 * tera },
    source: cloud("v5e"),
  },
  "tpu-v5p": {
    name: "Google TPU v5p chip (95 GB)",
    kind: "tpu",
    memoryBytes: 95 * gib,
    bytesPerSecond: 2765 * gb,
    peak: { bfloat16: 459 * tera, int8: 918 * tera },
    source: cloud("v5p"),
  },
};
