import { totalmem } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../runtime/cache-folder";
import { cacheLimit, freeDiskBytes } from "./cache-limit";
import type { CacheExtent } from "./pixel-cache";

/** `data.cache`: where decoded and processed images are kept. */
export type CacheMode = "auto" | "memory" | "disk" | "none";

/** What is kept of a set of images. */
export interface CachePlan {
  /** Where a run keeps the images that it has read: undefined: nowhere, it reads them anew in each epoch. */
  readonly run: "memory" | "disk" | undefined;
  /** Whether they are kept in the user's cache for later runs, and looked for there. */
  readonly isStored: boolean;
}

interface Limits {
  /** Bytes that "auto" may take of memory. */
  readonly memoryBytes: number;
  /** Bytes that "auto" may take of the disk for one run. */
  readonly diskBytes: number;
  /** Bytes that all images kept between runs may take. */
  readonly storeBytes: number;
}

/**
 * The plan for `mode`. "auto" takes memory when everything fits into `limits` (a quarter of the machine's, or the
 * container's), and keeps it for later runs where that has room; else the disk. "memory" leaves the disk alone. "disk"
 * keeps for later runs, or, when it is more than these may take, in a file that goes with the run.
 */
export function planCache(mode: CacheMode, { count, size }: CacheExtent, limits: Limits = machineLimits()): CachePlan {
  const bytes = count * size;
  const isStored = bytes <= limits.storeBytes;
  switch (mode) {
    case "auto":
      if (bytes <= limits.memoryBytes) return { run: "memory", isStored };
      if (isStored) return { run: undefined, isStored };
      return { run: bytes <= limits.diskBytes ? "disk" : undefined, isStored };
    case "memory":
      return { run: "memory", isStored: false };
    case "disk":
      return { run: isStored ? undefined : "disk", isStored };
    case "none":
      return { run: undefined, isStored: false };
  }
}

function machineLimits(): Limits {
  // Without a limit on the process it is 0, or larger than any memory.
  const constrained = process.constrainedMemory() || Infinity;
  return {
    memoryBytes: Math.min(totalmem(), constrained) / 4,
    diskBytes: freeDiskBytes(pixelFolder()) * 0.9,
    storeBytes: cacheLimit(pixelFolder()),
  };
}

/** Holds a folder for each pipeline whose images are kept. */
export function pixelFolder(): string {
  return join(cacheFolder(), "pixels");
}
