import { execFile } from "node:child_process";
import { join } from "node:path";
import { packageFolder } from "./package-folders";

export interface AddonProbe {
  readonly isWorking: boolean;
  readonly version: string;
  readonly isUsingGpu: boolean;
  /** What went wrong, one line; empty when it works. */
  readonly problem: string;
}

/** Always the built file: a child process does not understand TypeScript. */
const probeScript = join(packageFolder, "dist", "runtime", "probe-native.js");

/**
 * Loads an addon, and a library of dlctl's own operations where one is named, and computes with it in a child process: a crash
 * there is an answer and not the end of this one.
 */
export function probeAddon(
  addonPath: string,
  env: NodeJS.ProcessEnv = process.env,
  ownOpsPath?: string,
): Promise<AddonProbe> {
  return new Promise((resolve) => {
    const args = [probeScript, addonPath, ...(ownOpsPath === undefined ? [] : [ownOpsPath])];
    execFile(process.execPath, args, { env, timeout: 120_000 }, (error, stdout, stderr) => {
      const failed = (problem: string) => ({ isWorking: false, version: "", isUsingGpu: false, problem });
      if (error) return resolve(failed(explainFailure(error, stderr)));
      try {
        const { version, isUsingGpu, values } = JSON.parse(stdout);
        // [[1, 2], [3, 4]] x [[5, 6], [7, 8]]
        const isRight = String(values) === "19,22,43,50";
        resolve(
          isRight ? { isWorking: true, version, isUsingGpu, problem: "" } : failed(`it multiplies wrongly: ${values}`),
        );
      } catch {
        resolve(failed("it gave no answer"));
      }
    });
  });
}

function explainFailure(error: { signal?: string | null; killed?: boolean }, stderr: string): string {
  if (error.killed) return "it did not answer within two minutes";
  const lines = stderr.split("\n");
  const fatal = lines.find((line) => /instructions|F0000|Check failed/.test(line));
  const thrown = lines.find((line) => /^\w*Error: /.test(line))?.replace(/^\w*Error: /, "");
  const detail = fatal ?? thrown ?? lines.find((line) => line.trim() !== "") ?? "no message";
  return error.signal ? `it was stopped by ${error.signal}: ${detail}` : detail;
}
