import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../../runtime/cache-folder";
import { cacheLimit } from "../cache-limit";
import { filesIn, removeAbandoned } from "../store/segment-files";
import { readChecked, writeChecked } from "./checked-file";

/** Tokenizers and token ids that are kept between runs, each a file whose name says what it was made of. */
export interface TokenStore {
  read(name: string): Buffer | undefined;
  /** Keeps what was made; nothing when it can't be written or is more than the limit. What was longest unused goes above it. */
  keep(name: string, body: Uint8Array): void;
}

/** Of what images may take: texts are small. */
const shareOfLimit = 0.1;

export const tokenEndings = [".tokenizer", ".tokens"] as const;

export type TokenFileName = `${string}${(typeof tokenEndings)[number]}`;

export function tokenFolder(): string {
  return join(cacheFolder(), "tokens");
}

/** Most bytes that all tokens take together, beside images. */
export function tokenLimit(): number {
  return cacheLimit(tokenFolder()) * shareOfLimit;
}

export function openTokenStore(folder = tokenFolder(), limitBytes = tokenLimit()): TokenStore {
  return {
    read: (name) => readChecked(join(folder, name)),
    keep(name, body) {
      if (body.length > limitBytes) return;
      try {
        writeChecked(folder, name, body);
        removeAbandoned(folder);
        evict(folder, limitBytes);
      } catch {
        // It is made again the next time.
      }
    },
  };
}

/** Finished files of the store. */
export function tokenFiles(
  folder: string,
): { readonly path: string; readonly bytes: number; readonly usedAt: number }[] {
  return filesIn(folder, tokenEndings).flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? [{ path, bytes: stats.size, usedAt: stats.mtimeMs }] : [];
  });
}

function evict(folder: string, limitBytes: number): void {
  const files = tokenFiles(folder).sort((a, b) => a.usedAt - b.usedAt);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= limitBytes) return;
    rmSync(file.path, { force: true });
    bytes -= file.bytes;
  }
}
