import type { WriteStream } from "node:tty";
import { type Colors, colorsFor, isTerminal } from "./colors";
import { LiveArea } from "./live-area";
import type { ProgressSurface } from "./progress";
import { outputStream } from "./streams";

/** Standard output and standard error as one thing, so that lines and the progress bar do not run into each other. */
export interface Terminal {
  /** For standard output. */
  readonly outColors: Colors;
  readonly errorColors: Colors;
  /** A line on standard output; resolves when it is taken. */
  out(line: string): Promise<void>;
  /** A piece of a line on standard output; resolves when it is taken. */
  part(text: string): Promise<void>;
  /** A line on standard error. */
  err(line: string): void;
  /** Resolves when everything written to standard output is taken, or known to have failed. */
  flush(): Promise<void>;
  readonly surface: ProgressSurface;
}

export function openTerminal(
  stdout: WriteStream,
  stderr: WriteStream,
  onFailure: (error: Error) => void,
  env: NodeJS.ProcessEnv = process.env,
): Terminal {
  const out = outputStream(stdout, "standard output", onFailure);
  // Nobody is left to tell when standard error fails, and a lost note is no reason to stop the work.
  const err = outputStream(stderr, "standard error", () => undefined);
  const isLive = isTerminal(stderr, env);
  const errorColors = colorsFor(stderr, env);
  const columns = () => stderr.columns || 80;
  const live = new LiveArea(columns);
  let shown = "";
  const writeError = (line: string) => void err.write(live.above(`${line}\n`));
  // A bar on the same terminal must give way; where stdout is a pipe or a file they do not meet.
  const aroundLive = <T>(write: () => T): T => {
    if (!stdout.isTTY || shown === "") return write();
    err.write(live.draw(""));
    const result = write();
    err.write(live.draw(shown));
    return result;
  };

  return {
    outColors: colorsFor(stdout, env),
    errorColors,
    out: (line) => aroundLive(() => out.write(`${line}\n`)),
    part: (text) => aroundLive(() => out.write(text)),
    err: writeError,
    flush: () => out.write(""),
    surface: {
      isLive,
      draw(text) {
        if (text !== shown) err.write(live.draw(text));
        shown = text;
      },
      log: writeError,
      get columns() {
        return columns();
      },
      get rows() {
        return stderr.rows || 24;
      },
      colors: errorColors,
      isUnicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ""),
    },
  };
}
