interface FailingWrites {
  /** Writes inside it are counted. */
  readonly folder: string;
  /** Which one fails, from 1. */
  readonly nth: number;
  /** What it fails with: ENOSPC, EIO, EACCES; or SIGKILL, which kills the process. */
  readonly code: string;
  /** All later ones fail, too. */
  readonly isLasting?: boolean;
  /** A file that is told which write it was. */
  readonly log?: string;
}

export function failWrites(options: FailingWrites): {
  /** The write that failed; undefined as long as none has. */
  readonly fired: string | undefined;
  stop(): void;
};
