import { createHash } from "node:crypto";
import { type BigIntStats, promises } from "node:fs";
import { fileSystemPath } from "../../../shared/path-bytes";

/** 16 bytes as a latin1 string: a SHA-256, cut. */
export type Key = string;

export const keyBytes = 16;

/** Some file systems keep times to two seconds: a file younger than this may still change without a trace. */
const settledNanoseconds = 3_000_000_000n;

export function keyOf(...parts: readonly (string | Uint8Array)[]): Key {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest().toString("latin1", 0, keyBytes);
}

/**
 * Stands for a file as it is now, without reading it: path, inode, size, and times of change to the nanosecond. Whoever
 * writes to a file, or puts another in its place with the old date, changes one of them: `ctime` can't be set. Undefined
 * when it can't be told, or the file was changed so lately that it could be changed again with the same times.
 */
export function identityOf(path: string, stats: BigIntStats, now = Date.now()): Key | undefined {
  const { ino, size, mtimeNs, ctimeNs } = stats;
  const isSettled = (time: bigint) => BigInt(now) * 1_000_000n - time >= settledNanoseconds;
  if (!stats.isFile() || !isSettled(mtimeNs) || !isSettled(ctimeNs)) return undefined;
  return keyOf(`${path}\0${ino} ${size} ${mtimeNs} ${ctimeNs}`);
}

/** As `identityOf`; undefined when there is no such file, or it can't be looked at. */
export async function identityAt(path: string): Promise<Key | undefined> {
  try {
    return identityOf(path, await promises.stat(fileSystemPath(path), { bigint: true }));
  } catch {
    return undefined;
  }
}
