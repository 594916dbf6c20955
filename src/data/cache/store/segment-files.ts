import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isAbandoned, segmentEnding } from "./partial-name";

/** Finished segments of one pipeline's folder, in an order that does not change; none when it isn't there. */
export function segmentPaths(folder: string): string[] {
  return filesIn(folder, [segmentEnding]);
}

/** Files of a folder whose names end so, in an order that does not change; none when it isn't there. */
export function filesIn(folder: string, endings: readonly string[]): string[] {
  return namesIn(folder)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(folder, name));
}

/** Removes what processes that are gone have begun and not finished. */
export function removeAbandoned(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (isAbandoned(name, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()))
      rmSync(path, { force: true });
  }
}

/**
 * Removes the segments in the folders of `root` that were longest unused until all take no more than `limitBytes`; those
 * in `inUse` stay. A process that reads a removed one has it open and keeps it; others may remove at the same time.
 */
export function evictSegments(root: string, limitBytes: number, inUse: ReadonlySet<string>): void {
  const segments = measureSegments(root);
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  for (const segment of segments.filter(({ path }) => !inUse.has(path)).sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= limitBytes) return;
    rmSync(segment.path, { force: true });
    bytes -= segment.bytes;
  }
}

/** Bytes of all segments in the folders of `root`. */
export function storedBytes(root: string): number {
  return measureSegments(root).reduce((sum, { bytes }) => sum + bytes, 0);
}

function measureSegments(root: string) {
  return namesIn(root)
    .flatMap((pipeline) => segmentPaths(join(root, pipeline)))
    .flatMap((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats ? [{ path, bytes: stats.size, usedAt: stats.mtimeMs }] : [];
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
