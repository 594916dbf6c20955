/** Whom provisioning tells what it does; a command's context is one. */
export interface ProvisionReporter {
  note(text: string): void;
  /** A bar for a long step; `total` in the units of `update`. */
  progress(label: string, total?: number): ProvisionProgress;
}

export interface ProvisionProgress {
  update(done: number, detail?: string): void;
  finish(summary?: string): void;
}

/** For callers that show nothing. */
export const silentReporter: ProvisionReporter = {
  note: () => undefined,
  progress: () => ({ update: () => undefined, finish: () => undefined }),
};
