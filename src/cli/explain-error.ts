import { EnvironmentError, InterruptedError, UserError } from "../shared/errors";

const systemReasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EMFILE: "too many files are open (see ulimit -n)",
  ENFILE: "too many files are open on this machine",
};

/**
 * A failure that no code below foresaw but that still is not a bug of ours: work stopped by the user, a full disk, no
 * memory. As a UserError; undefined for everything else.
 */
export function explainError(error: unknown, signal: AbortSignal): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  // What Node's own functions throw when their signal is aborted; ours is aborted with a UserError as its reason.
  if (signal.aborted && (error.name === "AbortError" || code === "ABORT_ERR")) {
    return signal.reason instanceof UserError ? signal.reason : new InterruptedError("Interrupted");
  }
  const reason = code === undefined ? undefined : systemReasons[code];
  if (reason) return new EnvironmentError(path ? `${path}: ${reason}` : sentence(reason), { cause: error });
  if (isOutOfMemory(error)) {
    return new EnvironmentError("There is not enough memory for this step", {
      hint: "Use a smaller batch size, smaller inputs, or a smaller model.",
      cause: error,
    });
  }
  return undefined;
}

/** libtensorflow's and V8's ways to say it. */
function isOutOfMemory({ message }: Error): boolean {
  return /OOM when allocating|failed to allocate memory|Array buffer allocation failed/i.test(message);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
