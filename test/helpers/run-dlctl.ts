import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";

export const projectFolder = join(__dirname, "..", "..");

export interface DlctlResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Added to this process's; undefined takes a variable away. */
  readonly env?: Record<string, string | undefined>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs bin/dlctl, the real one, and waits for it. */
export function runDlctl(
  args: readonly string[],
  { env = {}, cwd = projectFolder, input = "" }: RunOptions = {},
): DlctlResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectFolder, "bin", "dlctl"), ...args], {
    cwd,
    input,
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 300_000,
  });
  return { code: status, stdout, stderr };
}

/** The same, while others run beside it. */
export function startDlctl(
  args: readonly string[],
  { env = {}, cwd = projectFolder }: Omit<RunOptions, "input"> = {},
): Promise<DlctlResult> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: 300_000 };
    execFile(process.execPath, [join(projectFolder, "bin", "dlctl"), ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code as number) : 0, stdout, stderr }),
    ).stdin?.end();
  });
}
