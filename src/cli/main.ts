import { CommanderError } from "commander";
import { type ExitCode, exitCodes } from "../shared/errors";
import { createContext } from "./create-context";
import { watchInterruption } from "./interruption";
import { createProgram } from "./program";
import { reportError } from "./report-error";
import { openTerminal } from "./terminal";

/** Runs the command line `args` (without node's own) and sets the process's exit code. Never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  const interruption = watchInterruption(() => terminal.surface.draw(""));
  let failure: Error | undefined;
  const terminal = openTerminal(process.stdout, process.stderr, (error) => {
    failure = error;
    interruption.abort(error);
  });
  const { signal } = interruption;
  const isVerbose = args.includes("--verbose");
  const report = (error: unknown): ExitCode => reportError(terminal, error, { signal, isVerbose });

  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error) => process.exit(report(error)));
  }
  const program = createProgram(async (options, body) => {
    await body(createContext(terminal, signal, options));
    await terminal.flush();
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    if (failure) throw failure;
  } catch (error) {
    // Help and version were printed; help that nobody asked for means that the command is missing.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    else process.exitCode = report(error);
  }
}
