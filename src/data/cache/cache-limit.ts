import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../shared/errors";
import { storedBytes } from "./store/segment-files";

const units: Record<string, number> = {
  "": 1,
  B: 1,
  K: 1e3,
  KB: 1e3,
  M: 1e6,
  MB: 1e6,
  G: 1e9,
  GB: 1e9,
  T: 1e12,
  TB: 1e12,
};

const defaultBytes = 10e9;

/**
 * Most bytes that images kept between runs take together: `DLCTL_CACHE_LIMIT` ("500MB", "20GB", "0" for none), else 10
 * GB, and not more than half of what is free on the disk of `folder`, which holds them, or taken by them. Throws UsageError for what is no size.
 */
export function cacheLimit(folder: string, given = process.env.DLCTL_CACHE_LIMIT): number {
  if (given !== undefined && given.trim() !== "") return parseSize(given);
  return Math.min(defaultBytes, (freeDiskBytes(folder) + storedBytes(folder)) / 2);
}

function parseSize(text: string): number {
  const [, number, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = units[unit.toUpperCase()];
  if (number !== undefined && factor !== undefined) return Math.floor(Number(number) * factor);
  throw new UsageError(`DLCTL_CACHE_LIMIT is no size: "${text}"`, {
    hint: 'Write it as "500MB" or "20GB"; 0 keeps nothing.',
  });
}

/** Of the disk that `folder` is or would be on; 0 where it can't be told. */
export function freeDiskBytes(folder: string): number {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    const { bavail, bsize } = statfsSync(existing);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
