import { execFile } from "node:child_process";
import { join } from "node:path";
import type { NativeDevice } from "../installed-runtime";
import { packageFolder } from "../package-folders";
import { explainFailure } from "../probe-addon";

/** Whether cuDNN's recurrent kernels compute on a GPU what TensorFlow's other operations do. */
export interface CudnnProof {
  readonly isProven: boolean;
  /** The largest difference, as a share of the largest number in what was computed; null where nothing was. */
  readonly difference: number | null;
  /** Why they are not used, one line; empty where they are. */
  readonly problem: string;
  /** Whether another try would end alike: not where it was stopped from outside, or the GPU's memory was full. */
  readonly isFinal: boolean;
}

/** Rounding makes 1e-6 of it, TF32 would make 1e-3; a gate, a bias or a step in the wrong place makes 0.03 and more (tested). */
export const cudnnTolerance = 5e-3;

/** Always the built file: a child process does not understand TypeScript. */
const script = join(packageFolder, "dist", "model", "recurrent", "prove-cudnn.js");

/** A GPU that libtensorflow has no machine code for compiles all of it first. */
const longest = 300_000;

/** How a process ends that breaks by itself. */
const breaks = new Set<string | null | undefined>(["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV"]);

/** Computes the same both ways in a child process, with outputs and all gradients, and compares. `env` chooses the GPU. */
export function proveCudnn(device: NativeDevice, env: NodeJS.ProcessEnv = process.env): Promise<CudnnProof> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, device], { env, timeout: longest }, (error, stdout, log) => {
      const failed = (problem: string, isFinal: boolean) =>
        resolve({ isProven: false, difference: null, problem, isFinal });
      if (error) {
        const problem = explainFailure(error, log);
        return failed(problem, breaks.has(error.signal) || problem.includes("CudnnRNN"));
      }
      try {
        // What is infinite is null in JSON.
        const { difference, of } = JSON.parse(stdout) as { difference: number | null; of: string };
        const isProven = difference !== null && difference <= cudnnTolerance;
        const problem = isProven
          ? ""
          : `they compute something else (${of} by ${difference?.toPrecision(2) ?? "much"})`;
        resolve({ isProven, difference, problem, isFinal: true });
      } catch {
        failed("they gave no answer", false);
      }
    });
  });
}
