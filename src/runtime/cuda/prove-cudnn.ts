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
}

/** Rounding makes 1e-6 of it, TF32 would make 1e-3; a gate, a bias or a step in the wrong place makes 0.03 and more (tested). */
export const cudnnTolerance = 5e-3;

/** Always the built file: a child process does not understand TypeScript. */
const script = join(packageFolder, "dist", "model", "recurrent", "prove-cudnn.js");

/** Computes the same both ways in a child process, with outputs and all gradients, and compares. `env` chooses the GPU. */
export function proveCudnn(device: NativeDevice, env: NodeJS.ProcessEnv = process.env): Promise<CudnnProof> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, device], { env, timeout: 120_000 }, (error, stdout, log) => {
      const failed = (problem: string) => resolve({ isProven: false, difference: null, problem });
      if (error) return failed(explainFailure(error, log));
      try {
        // What is infinite is null in JSON.
        const { difference, of } = JSON.parse(stdout) as { difference: number | null; of: string };
        const isProven = difference !== null && difference <= cudnnTolerance;
        const problem = isProven
          ? ""
          : `they compute something else (${of} by ${difference?.toPrecision(2) ?? "much"})`;
        resolve({ isProven, difference, problem });
      } catch {
        failed("they gave no answer");
      }
    });
  });
}
