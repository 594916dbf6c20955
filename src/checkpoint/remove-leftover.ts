import { rm } from "node:fs/promises";

/**
 * Takes away what a failed write has left, as far as that can be done: that it can't be must not hide why the write
 * failed. What stays is cleared by the next run.
 */
export async function removeLeftover(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
