import { execFile } from "node:child_process";
import { join } from "node:path";
import type { CudaLibrary } from "./cuda/cuda-libraries";
import { packageFolder } from "./package-folders";

export interface AddonProbe {
  readonly isWorking: boolean;
  readonly version: string;
  readonly isUsingGpu: boolean;
  /** Where the product was computed, as libtensorflow tells with DLCTL_LOG_PLACEMENT: "/device:GPU:0"; else null. */
  readonly computedOn: string | null;
  /** What went wrong, one line; empty when it works. */
  readonly problem: string;
  /** All that was written to standard error. */
  readonly log: string;
}

export interface AddonProbeOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A library of dlctl's own operations, which then computes. */
  readonly ownOpsPath?: string | undefined;
  /** Loaded before the addon. */
  readonly cuda?: { readonly addonPath: string; readonly libraries: readonly CudaLibrary[] };
}

/** Always the built file: a child process does not understand TypeScript. */
const probeScript = join(packageFolder, "dist", "runtime", "probe-native.js");

/**
 * Loads an addon, and a library of dlctl's own operations where one is named, and computes with it in a child process: a crash
 * there is an answer and not the end of this one.
 */
export function probeAddon(
  addonPath: string,
  { env = process.env, ownOpsPath, cuda }: AddonProbeOptions = {},
): Promise<AddonProbe> {
  return new Promise((resolve) => {
    const args = [probeScript, addonPath, ownOpsPath ?? "", ...(cuda ? [JSON.stringify(cuda)] : [])];
    execFile(process.execPath, args, { env, timeout: 120_000, maxBuffer: 2 ** 24 }, (error, stdout, log) => {
      const computedOn = /Executing op \w*MatMul in device \S*(\/device:\w+:\d+)/.exec(log)?.[1] ?? null;
      const nothing = { isWorking: false, version: "", isUsingGpu: false, computedOn, log };
      if (error) return resolve({ ...nothing, problem: explainFailure(error, log) });
      try {
        const { version, isUsingGpu, values } = JSON.parse(stdout);
        // [[1, 2], [3, 4]] x [[5, 6], [7, 8]]
        const isWorking = String(values) === "19,22,43,50";
        const problem = isWorking ? "" : `it multiplies wrongly: ${values}`;
        resolve({ isWorking, version, isUsingGpu, computedOn, problem, log });
      } catch {
        resolve({ ...nothing, problem: "it gave no answer" });
      }
    });
  });
}

/** Why a child process that used libtensorflow has failed, in one line of what it wrote. */
export function explainFailure(error: { signal?: string | null; killed?: boolean }, stderr: string): string {
  if (error.killed) return "it did not answer in time";
  const lines = stderr.split("\n");
  const fatal = lines.find((line) => /instructions|F0000|Check failed/.test(line));
  const thrown = lines.find((line) => /^\w*Error: /.test(line))?.replace(/^\w*Error: /, "");
  // What libtensorflow itself says comes after the number of its status.
  const told = lines.find((line) => line.startsWith("Message: "))?.slice("Message: ".length);
  const detail = fatal ?? told ?? thrown ?? lines.find((line) => line.trim() !== "") ?? "no message";
  return error.signal ? `it was stopped by ${error.signal}: ${detail}` : detail;
}
