import { spawn } from "node:child_process";

export interface ProgramResult {
  /** Undefined when the program could not be started. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and collects what it prints. Never throws for a program that is missing or fails; when
 * `signal` aborts, the program is stopped and the abort's reason is thrown once it is gone.
 */
export function runProgram(command: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
  const { signal, env = process.env } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const stop = () => child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, { once: true });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        texts[name] += chunk;
      });
    }
    const settle = (code: number | undefined) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ code, ...texts });
    };
    child.on("error", (error) => {
      texts.stderr ||= error.message;
      settle(undefined);
    });
    child.on("close", (code) => settle(code ?? -1));
  });
}

/** The first of `commands` (each a program and its leading arguments) that answers `--version`, or undefined. */
export async function findProgram(
  commands: readonly (readonly string[])[],
  options: RunOptions = {},
): Promise<readonly string[] | undefined> {
  for (const command of commands) {
    const [program = "", ...args] = command;
    const { code } = await runProgram(program, [...args, "--version"], options);
    if (code === 0) return command;
  }
  return undefined;
}

/** What a failed program said, in one line: its last line that speaks of an error, else its last line. */
export function complaint({ stderr, stdout }: ProgramResult): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n").map((line) => line.trim());
  const errors = lines.filter((line) => /error|cannot|not found|no such/i.test(line));
  return (errors.at(-1) ?? lines.at(-1) ?? "").replace(/^ERROR: /, "") || "it printed nothing";
}
