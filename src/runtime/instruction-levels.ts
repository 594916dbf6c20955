import { closeSync, openSync, readSync } from "node:fs";

/** A set of a processor's instructions for which dlctl's own operations (native/ops) are compiled. */
export interface InstructionLevel {
  /** As compilers call it; with `-amx` where the same library also uses that. */
  readonly name: string;
  /** The level that the library is compiled for, where that is another one. */
  readonly library?: string;
  readonly compilerFlags: readonly string[];
  /** What the processor must have, by Linux's names in /proc/cpuinfo. */
  readonly cpuFlags: readonly string[];
}

const avx2Flags = ["avx2", "fma", "f16c", "bmi1", "bmi2", "abm"];
// Not -march=x86-64-v3, which compilers know since 2021 only.
const avx2CompilerFlags = ["-mavx2", "-mfma", "-mf16c", "-mbmi", "-mbmi2", "-mlzcnt"];
const avx512 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];
const avx512Level: InstructionLevel = {
  name: "x86-64-v4",
  compilerFlags: [...avx2CompilerFlags, ...avx512.map((flag) => `-m${flag}`), "-mprefer-vector-width=512"],
  cpuFlags: [...avx2Flags, ...avx512],
};

/** AVX-512 and AMX's tile registers (native/ops/amx.h), which the library for AVX-512 looks for itself. */
export const tileLevel: InstructionLevel = {
  ...avx512Level,
  name: "x86-64-v4-amx",
  library: avx512Level.name,
  cpuFlags: [...avx512Level.cpuFlags, "amx_tile", "amx_bf16"],
};

/** Those for this architecture, best first. */
export const instructionLevels: readonly InstructionLevel[] =
  process.arch === "x64"
    ? [tileLevel, avx512Level, { name: "x86-64-v3", compilerFlags: avx2CompilerFlags, cpuFlags: avx2Flags }]
    : [{ name: "base", compilerFlags: [], cpuFlags: [] }];

/** The levels whose instructions this processor has, best first. */
export function usableLevels(): InstructionLevel[] {
  const has = cpuFlags();
  return instructionLevels.filter(({ cpuFlags }) => cpuFlags.every((flag) => has.has(flag)));
}

/** Of the first processor: the file says the same of each, and takes long to read where there are many. */
function cpuFlags(): ReadonlySet<string> {
  const start = Buffer.alloc(8192);
  try {
    const file = openSync("/proc/cpuinfo", "r");
    try {
      const text = start.toString("utf8", 0, readSync(file, start));
      return new Set((/^flags\s*:(.*)$/m.exec(text)?.[1] ?? "").trim().split(/\s+/));
    } finally {
      closeSync(file);
    }
  } catch {
    return new Set();
  }
}
