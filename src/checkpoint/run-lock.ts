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
  /** Told when the file was moved along with its folder. */
  moveTo(path: string): void;
  release(): Promise<void>;
}

/**
 * Takes the lock file at `path`, which is not there or left by a dead process. Throws UsageError when a living process
 * holds it.
 */
export async function takeRunLock(path: string, run: string): Promise<RunLock> {
  const dead = await requireUnlocked(path, run);
  if (dead) await removeStale(path, dead, run);
  try {
    await writeFile(path, `${JSON.stringify(ownIdentity())}\n`, { flag: "wx" });
  } catch (error) {
    const winner = (error as NodeJS.ErrnoException).code === "EEXIST" ? await readHolder(path) : undefined;
    throw winner ? inUse(run, winner) : error;
  }
  return holdLock(path);
}

/** Throws UsageError when a living process holds the lock file at `path`; returns the dead one that left it, if any. */
export async function requireUnlocked(path: string, run: string): Promise<ProcessIdentity | undefined> {
  const holder = await readHolder(path);
  if (holder && (await isHeld(path, holder))) throw inUse(run, holder);
  return holder;
}

/** Keeps the lock file at `path`, which this process wrote, looking alive to other machines until it is released. */
function holdLock(path: string): RunLock {
  let at = path;
  const beat = setInterval(() => void utimes(at, new Date(), new Date()).catch(() => undefined), beatMilliseconds);
  beat.unref();
  return {
    moveTo: (moved) => {
      at = moved;
    },
    release: async () => {
      clearInterval(beat);
      // One that stays is ignored as soon as this process has ended.
      await rm(at, { force: true }).catch(() => undefined);
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
