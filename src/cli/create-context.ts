import type { CommandContext, ProgressBar } from "../commands/context";
import { visibleText } from "../shared/visible-text";
import { markText } from "./mark-text";
import { startProgress } from "./progress";
import type { Terminal } from "./terminal";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const silentBar: ProgressBar = { update: () => undefined, finish: () => undefined };

/** What a command gets to talk with: `--json` and `--quiet` are applied here and nowhere else. */
export function createContext(terminal: Terminal, signal: AbortSignal, options: GlobalOptions): CommandContext {
  const isJson = options.json ?? false;
  const isQuiet = options.quiet ?? false;
  const { errorColors } = terminal;
  return {
    isJson,
    isQuiet,
    isVerbose: options.verbose ?? false,
    signal,
    print(text) {
      if (!isJson) void terminal.out(visibleText(text, { keepLines: true }));
    },
    printMarked(pieces) {
      if (isJson) return;
      const marked = pieces.map(({ text, weight }) =>
        markText({ text: visibleText(text), weight }, terminal.outColors),
      );
      void terminal.out(marked.join(""));
    },
    write: (text) => (isJson ? Promise.resolve() : terminal.part(visibleText(text, { keepLines: true }))),
    json: (value) => (isJson ? terminal.out(JSON.stringify(value)) : Promise.resolve()),
    note(text) {
      if (!isQuiet) terminal.err(visibleText(text, { keepLines: true }));
    },
    warn(text) {
      if (!isQuiet) terminal.err(`${errorColors.yellow("warning:")} ${visibleText(text, { keepLines: true })}`);
    },
    progress: (label, total) => (isQuiet ? silentBar : startProgress(terminal.surface, label, total)),
  };
}
