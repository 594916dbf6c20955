import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const projectFolder = join(__dirname, "..", "..");

export interface DlctlResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs bin/dlctl, the real one, and waits for it. `env` is added to this process's; undefined takes a variable away. */
export function runDlctl(
  args: readonly string[],
  {
    env = {},
    cwd = projectFolder,
    input = "",
  }: { env?: Record<string, string | undefined>; cwd?: string; input?: string } = {},
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
