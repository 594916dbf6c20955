import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheLimit } from "../../data/cache/cache-limit";
import { filesIn } from "../../data/cache/store/segment-files";
import { cacheFolder } from "../../runtime/cache-folder";

export const programEnding = ".program";

/** Of what images may take: a program is as large as the model's weights. */
const shareOfLimit = 0.1;

/** Where the programs of models are kept, each a file whose name says what it was made of. It may not exist. */
export function programFolder(): string {
  return join(cacheFolder(), "programs");
}

/** Most bytes that all programs take together, beside images. Throws UsageError as cacheLimit does. */
export function programLimit(): number {
  return cacheLimit(programFolder()) * shareOfLimit;
}

/** After this time a file that was never finished is nobody's. */
const abandonedMilliseconds = 60 * 60_000;

/** Removes what killed processes have begun, and the programs that were longest unused, until all take no more than `limitBytes`. */
export function tidyPrograms(folder: string, limitBytes: number): void {
  for (const { path, usedAt } of describeFiles(folder, ".tmp")) {
    if (Date.now() - usedAt > abandonedMilliseconds) rmSync(path, { force: true });
  }
  const files = describeFiles(folder, programEnding).sort((a, b) => a.usedAt - b.usedAt);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= limitBytes) return;
    rmSync(file.path, { force: true });
    bytes -= file.bytes;
  }
}

function describeFiles(folder: string, ending: string) {
  return filesIn(folder, [ending]).flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? [{ path, bytes: stats.size, usedAt: stats.mtimeMs }] : [];
  });
}
