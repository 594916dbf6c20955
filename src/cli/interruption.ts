import { exitCodes, InterruptedError } from "../shared/errors";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ways in which work is asked to stop from outside. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Asks the work to stop because of `reason`; no effect once it has been asked. */
  abort(reason: Error): void;
}

/**
 * The first SIGINT (Ctrl-C), SIGTERM or SIGHUP aborts the signal, so that work ends in good order; the second ends the
 * process at once. `onFirst` may tell the user so.
 */
export function watchInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let isAsked = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (isAsked) process.exit(exitCodes.interrupted);
      isAsked = true;
      onFirst();
      controller.abort(new InterruptedError("Interrupted"));
    });
  }
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}
