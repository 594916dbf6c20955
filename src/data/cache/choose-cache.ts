import { existsSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../runtime/cache-folder";
import { diskCache } from "./disk-cache";
import { memoryCache } from "./memory-cache";
import type { CacheExtent, PixelCache } from "./pixel-cache";

/** `data.cache`: where decoded and processed images are kept. */
export type CacheMode = "auto" | "memory" | "disk" | "none";

interface Limits {
  /** Bytes that "auto" may take of memory, and of the disk. */
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/**
 * The cache for `mode`; undefined: keep nothing. "auto" takes memory when everything fits into `limits` (a quarter of
 * the machine's, or the container's), else the disk when there is room, else nothing: then every epoch decodes again.
 */
export function choosePixelCache(
  mode: CacheMode,
  extent: CacheExtent,
  limits: Limits = machineLimits(),
): PixelCache | undefined {
  switch (mode === "auto" ? bestMode(extent, limits) : mode) {
    case "memory":
      return memoryCache(extent);
    case "disk":
      return diskCache(extent, pixelFolder());
    case "none":
      return undefined;
  }
}

function bestMode({ count, size }: CacheExtent, { memoryBytes, diskBytes }: Limits): Exclude<CacheMode, "auto"> {
  if (count * size <= memoryBytes) return "memory";
  return count * size <= diskBytes ? "disk" : "none";
}

function machineLimits(): Limits {
  // Without a limit on the process it is 0, or larger than any memory.
  const constrained = process.constrainedMemory() || Infinity;
  return { memoryBytes: Math.min(totalmem(), constrained) / 4, diskBytes: freeDiskBytes(pixelFolder()) * 0.9 };
}

function pixelFolder(): string {
  return join(cacheFolder(), "pixels");
}

/** 0 where it can't be told. */
function freeDiskBytes(folder: string): number {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    const { bavail, bsize } = statfsSync(existing);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
