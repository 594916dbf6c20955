import { existsSync, readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { usableCpus } from "../cpu-quota";
import { glibcVersion } from "../provision/platform-support";

export interface SystemFacts {
  readonly platform: string;
  readonly arch: string;
  readonly kernel: string;
  /** Undefined where the C library is another one. */
  readonly glibc: string | undefined;
  readonly cpu: string;
  /** Cores this process may use: by affinity, and by the quota of its container. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** Vector instructions of this CPU that libtensorflow's kernels choose between when they run; empty if not known. */
  readonly cpuFeatures: readonly string[];
  readonly hasNvidiaDriver: boolean;
}

/** Those that change the speed of libtensorflow, as Linux names them. */
const relevantFeatures = [
  ...["sse4_1", "sse4_2", "avx", "avx2", "fma", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16"],
  ...["amx_tile", "amx_int8", "amx_bf16", "asimd", "asimddp", "sve", "bf16", "i8mm"],
];

export function systemFacts(): SystemFacts {
  const { platform, arch } = process;
  return {
    platform,
    arch,
    kernel: release(),
    glibc: platform === "linux" ? glibcVersion() : undefined,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: usableCpus(),
    memoryBytes: totalmem(),
    cpuFeatures: cpuFeatures(),
    hasNvidiaDriver: existsSync("/proc/driver/nvidia/version"),
  };
}

function cpuFeatures(): string[] {
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "";
    const flags = new Set(line.trim().split(/\s+/));
    return relevantFeatures.filter((feature) => flags.has(feature));
  } catch {
    return [];
  }
}
