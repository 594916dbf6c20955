import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../shared/errors";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity";

const beatMilliseconds = 10_000;
/** A holder on another machine can't be asked whether it lives; its beat can. */
const silenceMilliseconds = 120_000;

const identitySchema = z.object({ pid: z.int(), host: z.string(), startedAt: z.string().nullable() });

/** Says that this process works on a run. */
export interface RunLock {
  release(): Promise<void>;
}

/**
 * Takes the lock file at `path`, which is not there or left by a dead process. Throws UsageError when a living process
 * holds it.
 */
export async function takeRunLock(path: string, run: string): Promise<RunLock> {
  const holder = await readHolder(path);
  if (holder) {
    if (await isHeld(path, holder)) throw inUse(run, holder);
    await removeStale(path, holder, run);
  }
  try {
    await writeFile(path, `${JSON.stringify(ownIdentity())}\n`, { flag: "wx" });
  } catch (error) {
    const winner = (error as NodeJS.ErrnoException).code === "EEXIST" ? await readHolder(path) : undefined;
    throw winner ? inUse(run, winner) : error;
  }
  return holdLock(path);
}

/** Keeps the lock file at `path`, which this process wrote, looking alive to other machines until it is released. */
export function holdLock(path: string): RunLock {
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beatMilliseconds);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

/** Whether a living process works on the run whose lock file is at `path`. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== undefined && (await isHeld(path, holder));
}

async function isHeld(path: string, holder: ProcessIdentity): Promise<boolean> {
  const alive = isAlive(holder);
  if (alive !== undefined) return alive;
  const changed = (await stat(path).catch(() => undefined))?.mtimeMs;
  return changed !== undefined && Date.now() - changed < silenceMilliseconds;
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return identitySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // Empty or garbled: a process died while it wrote it, or the disk was full.
    return { pid: -1, host: ownIdentity().host, startedAt: "never" };
  }
}

/** Takes a dead process's lock away, unless another process has just done so and put its own there. */
async function removeStale(path: string, seen: ProcessIdentity, run: string): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString("hex")}`;
  await rename(path, aside);
  const moved = await readHolder(aside);
  if (moved && (moved.pid !== seen.pid || moved.startedAt !== seen.startedAt)) {
    await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
    throw inUse(run, moved);
  }
  await rm(aside, { force: true });
}

function inUse(run: string, { pid, host }: ProcessIdentity): UsageError {
  return new UsageError(`Another process works on ${run}: process ${pid} on ${host}`, {
    hint: "Wait until it is done, or name another folder with --out.",
  });
}
