import type { WriteStream } from "node:tty";
import pc from "picocolors";

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for one stream: only on a terminal, never with NO_COLOR (https://no-color.org), always with FORCE_COLOR. */
export function colorsFor(stream: Partial<WriteStream>, env: NodeJS.ProcessEnv = process.env): Colors {
  if (env.NO_COLOR) return pc.createColors(false);
  if (env.FORCE_COLOR) return pc.createColors(env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false");
  return pc.createColors(isTerminal(stream, env));
}

/** Whether lines can be drawn over: a terminal that knows cursor movement. */
export function isTerminal(stream: Partial<WriteStream>, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && env.TERM !== "dumb";
}
