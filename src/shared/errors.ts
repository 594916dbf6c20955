/** Exit codes of the `dlctl` process. */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  config: 3,
  data: 4,
  model: 5,
  diverged: 6,
  environment: 7,
  different: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

interface UserErrorOptions extends ErrorOptions {
  /** How to mend it: one imperative sentence, or a command to run. */
  readonly hint?: string;
}

/**
 * A failure the user caused or can mend. `message` says what is wrong and where, `hint` how to mend it; the CLI prints
 * both without a stack and exits with `exitCode`. Anything else that is thrown is a bug and exits with 1 and a stack.
 */
export abstract class UserError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, { hint, ...options }: UserErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** Wrong arguments or options on the command line. */
export class UsageError extends UserError {
  readonly exitCode = exitCodes.usage;
}

/** One thing wrong with a config. */
export interface ConfigProblem {
  /** Where, as users write it: `model.layers[3].units`; empty for the whole file. */
  readonly path: string;
  /** What is wrong, with what was expected and what was received. */
  readonly message: string;
  readonly hint?: string;
}

/** A config that is missing, unreadable, not JSON, or invalid; or an override that is. Carries every problem found. */
export class ConfigError extends UserError {
  readonly exitCode = exitCodes.config;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[] | string, options: UserErrorOptions = {}) {
    const list = typeof problems === "string" ? [{ path: "", message: problems }] : problems;
    super(list.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("\n"), options);
    this.problems = list;
  }
}

/** Data or an input that is missing, unreadable or unfit. */
export class DataError extends UserError {
  readonly exitCode = exitCodes.data;
}

/** A model folder or checkpoint that is missing, damaged, or of another version. */
export class ModelFolderError extends UserError {
  readonly exitCode = exitCodes.model;
}

/** Training that diverged: a loss that is NaN or infinite. */
export class DivergedError extends UserError {
  readonly exitCode = exitCodes.diverged;
}

/** A machine that lacks what is needed: no runtime, no such device, output not writable, disk full. */
export class EnvironmentError extends UserError {
  readonly exitCode = exitCodes.environment;
}

/** Stopped by Ctrl-C or SIGTERM after a clean end of the step. */
export class InterruptedError extends UserError {
  readonly exitCode = exitCodes.interrupted;
}

/** Not a failure: what was compared is not the same. */
export class DifferenceError extends UserError {
  readonly exitCode = exitCodes.different;
}
