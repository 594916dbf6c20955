import { ConfigError, DataError, type ExitCode, exitCodes, ModelFolderError, type UserError } from "../shared/errors";
import { visibleText } from "../shared/visible-text";
import { explainError } from "./explain-error";
import { OutputClosedError } from "./streams";
import type { Terminal } from "./terminal";

interface ReportOptions {
  readonly signal: AbortSignal;
  /** `--verbose`: also the stack of errors that are not bugs. */
  readonly isVerbose: boolean;
}

/** Tells the user about a failure, on standard error, and returns the code to exit with: the one place that decides it. */
export function reportError(terminal: Terminal, error: unknown, { signal, isVerbose }: ReportOptions): ExitCode {
  terminal.surface.draw("");
  const known = explainError(error, signal);
  if (known instanceof OutputClosedError) return exitCodes.done;
  if (!known) {
    reportBug(terminal, error);
    return exitCodes.internal;
  }
  for (const line of describe(known, terminal)) terminal.err(line);
  if (isVerbose) terminal.err(terminal.errorColors.dim(fullStack(known)));
  return known.exitCode;
}

/** What is no error. */
const labels: Partial<Record<ExitCode, string>> = {
  [exitCodes.interrupted]: "stopped:",
  [exitCodes.different]: "different:",
};

function describe(error: UserError, { errorColors }: Terminal): string[] {
  const label = labels[error.exitCode];
  const marked = label === undefined ? errorColors.red("error:") : errorColors.yellow(label);
  const lines = error instanceof ConfigError && error.problems.length > 1 ? problemLines(error) : [error.message];
  // A hint that belongs to the only problem stands where the error's own would.
  const single = error instanceof ConfigError && error.problems.length === 1 ? error.problems[0]?.hint : undefined;
  const hints = [...new Set([single, error.hint])].filter((hint) => hint !== undefined);
  // Errors about files are of one line each: a line break is in a file's name.
  const keepLines = !(error instanceof DataError || error instanceof ModelFolderError);
  const show = (text: string) => visibleText(text, { keepLines });
  return [`${marked} ${show(lines.join("\n"))}`, ...hints.map((hint) => `  ${show(hint)}`)];
}

function problemLines({ problems }: ConfigError): string[] {
  return [
    `The config has ${problems.length} problems`,
    ...problems.flatMap(({ path, message, hint }) => [
      `  ${path ? `${path}: ` : ""}${message}`,
      ...(hint ? [`    ${hint}`] : []),
    ]),
  ];
}

function reportBug(terminal: Terminal, error: unknown): void {
  const title = "internal error (a bug in dlctl, please report it):";
  terminal.err(`${terminal.errorColors.red(title)} ${error instanceof Error ? fullStack(error) : String(error)}`);
  terminal.err(`  Node.js ${process.version}, ${process.platform} ${process.arch}`);
}

/** The stack with those of its causes. */
function fullStack(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${fullStack(error.cause)}` : own;
}
