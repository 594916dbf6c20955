import { closeSync, openSync, readSync } from "node:fs";

/** A set of a processor's instructions for which dlctl's own operations (native/ops) are compiled. */
export interface InstructionLevel {
  /** As compilers call it. */
  readonly name: string;
  readonly compilerFlags: readonly string[];
  /** What the processor must have, by Linux's names in /proc/cpuinfo. */
  readonly cpuFlags: readonly string[];
}

const avx2Flags = ["avx2", "fma", "f16c", "bmi1", "bmi2", "abm"];
// Not -march=x86-64-v3, which compilers know since 2021 only.
const avx2CompilerFlags = ["-mavx2", "-mfma", "-mf16c", "-mbmi", "-mbmi2", "-mlzcnt"];
const avx512 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

/** Those for this architecture, best first. */
export const instructionLevels: readonly InstructionLevel[] =
  process.arch === "x64"
    ? [
        {
          name: "x86-64-v4",
          compilerFlags: [...avx2CompilerFlags, ...avx512.map((flag) => `-m${flag}`), "-mprefer-vector-width=512"],
          cpuFlags: [...avx2Flags, ...avx512],
        },
        { name: "x86-64-v3", compilerFlags: avx2CompilerFlags, cpuFlags: avx2Flags },
      ]
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
