import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isProcessAlive } from "../../shared/is-process-alive";

const pollMilliseconds = 300;
const beatMilliseconds = 5_000;
/** A holder on another host can't be asked whether it lives; its beat can. */
const silenceMilliseconds = 60_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Runs `action` while holding the lock file at `path`. Waits while another living process holds it, calling `onWait`
 * once; the lock of a dead process is taken over. The file is removed afterwards.
 */
export async function withSetupLock<T>(
  path: string,
  action: () => Promise<T>,
  { onWait, signal }: { onWait?: (pid: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const self: Holder = { pid: process.pid, host: hostname() };
  for (let isTold = false; !(await take(path, self)); ) {
    const holder = await readHolder(path);
    if (await isStale(path, holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (!isTold && holder) onWait?.(holder.pid);
    isTold = true;
    await sleep(pollMilliseconds, undefined, { signal });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beatMilliseconds);
  try {
    return await action();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

async function take(path: string, self: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(self), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    // Just made and not yet written, or gone.
    return undefined;
  }
}

async function isStale(path: string, holder: Holder | undefined): Promise<boolean> {
  if (holder?.host === hostname()) return !isProcessAlive(holder.pid);
  const changed = (await stat(path).catch(() => undefined))?.mtimeMs;
  return changed !== undefined && Date.now() - changed > silenceMilliseconds;
}
