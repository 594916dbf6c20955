import type { Writable } from "node:stream";
import { EnvironmentError, InterruptedError } from "../shared/errors";

/** Whoever read our output has gone (`dlctl ... | head`): the end of the work, and nothing to tell. */
export class OutputClosedError extends InterruptedError {
  constructor() {
    super("The output was closed by its reader");
  }
}

/** One of the process's output streams. Never throws: a failed write ends the work through `onFailure`, once. */
export interface OutputStream {
  /** Resolves when the operating system has taken the text, or the stream has failed. */
  write(text: string): Promise<void>;
}

/** Wraps stdout or stderr. `name` is for people ("standard output"). */
export function outputStream(stream: Writable, name: string, onFailure: (error: Error) => void): OutputStream {
  let isBroken = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (isBroken) return;
    isBroken = true;
    onFailure(error.code === "EPIPE" ? new OutputClosedError() : unwritable(name, error));
  });
  return {
    write(text) {
      if (isBroken) return Promise.resolve();
      // A failure arrives by the error event; the callback only says that this write is over.
      return new Promise((resolve) => stream.write(text, () => resolve()));
    },
  };
}

function unwritable(name: string, error: NodeJS.ErrnoException): EnvironmentError {
  const reason = error.code === "ENOSPC" ? "the disk is full" : error.message;
  return new EnvironmentError(`Can't write to ${name}: ${reason}`, {
    hint: "Make room, or send the output elsewhere.",
    cause: error,
  });
}
