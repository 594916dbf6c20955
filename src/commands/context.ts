/** What a terminal shows below a bar. */
export interface ProgressPanel {
  /** Curves that share a scale, drawn small; `text` is the present value. */
  readonly curves: readonly { readonly name: string; readonly values: readonly number[]; readonly text: string }[];
  /** Until all of the work is done, of which the bar may show a part. */
  readonly secondsLeft: number | undefined;
  /** Short free texts, the most important first. */
  readonly facts: readonly string[];
}

/** A bar for work of known or unknown length; on a stream that is no terminal it prints a few plain lines instead. */
export interface ProgressBar {
  /**
   * `done` of `total` units; `detail` is a short free text such as "loss 0.412  acc 0.87". `panel` is called only where it is shown, and not
   * at every update.
   */
  update(done: number, detail?: string, panel?: () => ProgressPanel): void;
  /** Removes the bar from a terminal; `summary`, if given, stays behind as a line. */
  finish(summary?: string): void;
}

/** A piece of a line, and how much it speaks for something, 1, or against it, -1. */
export interface MarkedText {
  readonly text: string;
  readonly weight: number;
}

/**
 * What a command may use to talk to the person or program that called it. `src/cli` makes it; commands and nothing
 * below them receive it. Results go to stdout, everything else to stderr; `--json` and `--quiet` are already applied.
 */
export interface CommandContext {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** `--verbose`: pass on what libtensorflow prints. */
  readonly isVerbose: boolean;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** A line of the result, for people: stdout; dropped with `--json`. */
  print(text: string): void;
  /** A line of the result, for people, whose pieces are coloured by their weights where standard output has colours; dropped with `--json`. */
  printMarked(pieces: readonly MarkedText[]): void;
  /** A piece of the result that need not end its line, for people: stdout; dropped with `--json`. Resolves when it is taken. */
  write(text: string): Promise<void>;
  /** One JSON object on a line of stdout, only with `--json`; resolves when the pipe has taken it. */
  json(value: unknown): Promise<void>;
  /** Progress and notes: stderr; dropped with `--quiet`. */
  note(text: string): void;
  /** A warning: stderr, marked; dropped with `--quiet`. */
  warn(text: string): void;
  progress(label: string, total?: number): ProgressBar;
}
